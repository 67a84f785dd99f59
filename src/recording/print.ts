import type { RecordedCall, Recording } from './types.ts';

/**
 * A recording as JSON text: one line per call, stack and sample, so that files stay small and a
 * changed run reads as a short diff. Equal recordings give equal text.
 */
export function printRecording(recording: Recording): string {
  const { calls, stacks, samples, provenance, ...head } = recording;
  const lines = Object.entries(head).map(([key, value]) => `"${key}": ${JSON.stringify(value)},\n`);
  return [
    '{\n',
    ...lines,
    `"calls": ${printCalls(calls, '')},\n`,
    `"stacks": ${printList(stacks.map((stack) => printList(stack.map((line) => JSON.stringify(line)))))},\n`,
    `"samples": ${printList(samples.map((sample) => JSON.stringify(sample)))},\n`,
    `"provenance": ${JSON.stringify(provenance, null, 1)}\n`,
    '}\n',
  ].join('');
}

function printCalls(calls: readonly RecordedCall[], indent: string): string {
  if (calls.length === 0) return '[]';
  const inner = `${indent} `;
  const lines = calls.map(({ calls: below, ...call }) => {
    const own = JSON.stringify(call);
    if (below === undefined) return `${inner}${own}`;
    return `${inner}${own.slice(0, -1)},"calls":${printCalls(below, inner)}}`;
  });
  return `[\n${lines.join(',\n')}]`;
}

function printList(items: readonly string[]): string {
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}]`;
}
