/**
 * Reads and merges what the reader pasted. A thread of its own: a file of thousands of lines is
 * parsed while the page goes on answering keys. Nothing leaves it but the messages to its page.
 */
import type { Question } from '../../generate/answer.ts';
import { createMerger, type MergedFile, type MergeFacts } from '../../generate/merge/for-answer.ts';
import { readPasted, type Pasted } from '../../generate/merge/pasted.ts';
import { generate } from '../../generate/targets/generate.ts';
import type { Rules } from '../../generate/targets/rules.ts';
import { fieldsOf, kindsOf, type Filled, type NodeKind } from './from-pasted.ts';
import { hunksOf, type DiffLine } from './hunks.ts';
import type { MergeData } from './props.ts';

/** What a text turned out to be. */
export type Found =
  | { kind: 'versions'; fields: Filled }
  | { kind: 'nodes'; kinds: readonly NodeKind[]; count: number }
  | { kind: 'config'; lines: number; series: 1 | 2 | undefined; fileVersion: number | undefined }
  | { kind: 'unknown'; accepted: readonly string[] }
  | { kind: 'failed' };

/** A merge with what a diff shows of it. */
export interface ShownMerge extends MergedFile {
  hunks: readonly (readonly DiffLine[])[];
}

export type Request =
  | { id: number; do: 'read'; text: string }
  /** What the merges that follow go by, until others come. */
  | { id: number; do: 'learn'; rules: Rules; data: MergeData }
  | { id: number; do: 'merge'; text: string; question: Question };

export type Reply =
  | { id: number; found: Found }
  | { id: number; merged: ShownMerge }
  | { id: number; learnt: true }
  | { id: number; failed: string };

/** The same file is asked about with every key: it is parsed once. */
const merger = createMerger();
let known: { rules: Rules; facts: MergeFacts } | undefined;

addEventListener('message', ({ data: request }: MessageEvent<Request>) => {
  postMessage(answer(request));
});

function answer(request: Request): Reply {
  const { id } = request;
  try {
    if (request.do === 'read')
      return { id, found: foundIn(readPasted(request.text), request.text) };
    if (request.do === 'learn') {
      const { rules, data } = request;
      const kernels = { ...rules.kernels, spelling: data.spelling };
      known = { rules, facts: { ...rules, remarks: data.remarks, kernels } };
      return { id, learnt: true };
    }
    if (known === undefined) throw new Error('asked to merge before there were rules');
    const { text, question } = request;
    const { rules, facts } = known;
    const [row] = rules.targets.targets;
    const merged = merger.merge(text, question, generate(question, rules), row, facts);
    return { id, merged: { ...merged, hunks: hunksOf(merged.text, merged.changes) } };
  } catch (error) {
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}

function foundIn(pasted: Pasted, text: string): Found {
  switch (pasted.kind) {
    case 'versions':
      return { kind: 'versions', fields: fieldsOf(pasted) };
    case 'nodes':
      return { kind: 'nodes', kinds: kindsOf(pasted), count: pasted.nodes.length };
    case 'config': {
      const { series, fileVersion } = pasted;
      return { kind: 'config', lines: text.split('\n').length, series, fileVersion };
    }
    case 'unknown':
      return { kind: 'unknown', accepted: pasted.accepted };
  }
}
