/** Reads content/facts/containerd-merge.yaml for the build, the command line and the tests. */
import { z } from 'zod';
import { loadRows } from '../../facts/load.ts';
import { statusSchema, textSchema, versionText } from '../../facts/schema.ts';
import type { RemarkRow } from './words.ts';

const id = z.string().min(1);

const row = z
  .strictObject({
    id,
    from: versionText.optional(),
    before: versionText.optional(),
    above: z.number().int().optional(),
    says: textSchema,
    way: textSchema.optional(),
    step: z
      .strictObject({
        replaces: z.array(id).min(1),
        command: z.string().min(1),
        expect: textSchema.optional(),
      })
      .optional(),
    source: z
      .union([id, z.array(id)])
      .transform((value) => (Array.isArray(value) ? value : [value])),
    status: statusSchema,
  })
  .refine(({ way, step }) => (way === undefined) !== (step === undefined), {
    error: 'has to have one of `way` and `step`',
  });

/** @throws FactsError naming file, row and field */
export const loadRemarks = (folder?: string): RemarkRow[] =>
  loadRows('containerd-merge.yaml', z.array(row), folder);
