import type { RecordedCall, Recording } from './types.ts';

/** Fields before the long lists, in the order in which they are printed. */
const HEAD = [
  'schema',
  'id',
  'kernel',
  'filesystem',
  'scenario',
  'operation',
  'volatile',
  'parameters',
  'seconds',
  'returnCode',
  'errno',
  'before',
  'after',
  'device',
] as const satisfies (keyof Recording)[];

/** All fields below those, in order; `calls` is printed apart. */
const FIELDS = [
  ...['series', 'version', 'release', 'package'],
  ...['flushes', 'writes', 'sectors'],
  ...['dirtyMiB', 'diskMBs', 'dirtyIn', 'queue', 'requests', 'maxSectorsKiB'],
  ...['fn', 'module', 'layer', 'superblock', 'start', 'seconds'],
  ...['t', 'state', 'dirtyKiB', 'writebackKiB', 'stack'],
  ...['recordedBy', 'commandLine', 'files', 'machine', 'recordedAt', 'notes'],
];

/**
 * A recording as JSON text: one line per call, stack frame and sample, so that files stay small
 * and a changed run reads as a short diff. Equal recordings give equal text, whatever the order of
 * their fields in memory.
 */
export function printRecording(recording: Recording): string {
  const { calls, stacks, samples, provenance } = recording;
  return [
    '{\n',
    ...HEAD.filter((key) => recording[key] !== undefined).map(
      (key) => `"${key}": ${json(recording[key])},\n`,
    ),
    `"calls": ${printCalls(calls, '')},\n`,
    `"stacks": ${printList(stacks.map((stack) => printList(stack.map((line) => json(line)))))},\n`,
    `"samples": ${printList(samples.map((sample) => json(sample)))},\n`,
    `"provenance": ${json(provenance, 1)}\n`,
    '}\n',
  ].join('');
}

/** JSON with the fields in order: a list as replacer selects fields and orders them. */
function json(value: unknown, space?: number): string {
  return JSON.stringify(value, FIELDS, space);
}

function printCalls(calls: readonly RecordedCall[], indent: string): string {
  if (calls.length === 0) return '[]';
  const inner = `${indent} `;
  const lines = calls.map((call) => {
    const own = json(call);
    if (call.calls === undefined) return `${inner}${own}`;
    return `${inner}${own.slice(0, -1)},"calls":${printCalls(call.calls, inner)}}`;
  });
  return `[\n${lines.join(',\n')}]`;
}

function printList(items: readonly string[]): string {
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}]`;
}
