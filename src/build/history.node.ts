/** What happened when, and which of containerd's mounts carry the option: tables of two pages. */
import { z } from 'zod';
import { loadRows } from '../facts/load.ts';
import { evidence, textSchema } from '../facts/schema.ts';

const rowId = z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'must be lower-case words');

/** timeline.yaml: one event. Rows stand in the order of their dates within a topic. */
const timelineRow = z.strictObject({
  id: rowId,
  /** The page that tells it. */
  topic: z.enum(['kernel', 'containerd']),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be YYYY-MM-DD'),
  /** Who did it, as they sign; people of threads go by the name of their account. */
  by: z.string().min(1),
  what: textSchema,
  /** What became of it; `open` as of `threads-as-of` of values.yaml. */
  outcome: z.enum(['asked', 'reported', 'decided', 'superseded', 'merged', 'not-merged', 'open']),
  ...evidence,
});
export type TimelineRow = z.infer<typeof timelineRow>;

/** containerd-mounts.yaml: one kind of mount that containerd makes or hands on. */
const mountRow = z.strictObject({
  id: rowId,
  mount: textSchema,
  /**
   * `yes`: once it is configured. `unasked`: without configuration. `ignored`: handed on, and the
   * kernel drops it. `once`: it did in older versions. `no`: never.
   */
  carries: z.enum(['yes', 'unasked', 'ignored', 'once', 'no']),
  why: textSchema,
  ...evidence,
});
export type ContainerdMount = z.infer<typeof mountRow>;

const topics = timelineRow.shape.topic;

/**
 * The events of one page, oldest first.
 *
 * @throws Error where the topic is none, and FactsError where the file is not as it should be
 */
export function timelineOf(topic: string | undefined, folder?: string): TimelineRow[] {
  const known = topics.safeParse(topic);
  if (!known.success) throw new Error(`<Timeline> has no topic "${String(topic)}"`);
  return loadRows('timeline.yaml', z.array(timelineRow), folder).filter(
    (row) => row.topic === known.data,
  );
}

/** Every kind of mount, the one that matters first. */
export function loadContainerdMounts(folder?: string): ContainerdMount[] {
  return loadRows('containerd-mounts.yaml', z.array(mountRow), folder);
}
