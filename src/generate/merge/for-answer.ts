/**
 * From a question, its answer and the file that a reader brought to the file that he takes away:
 * all that a page and a command line need, in words.
 */
import type { Localised } from '../../facts/localise.ts';
import { inRange, parseVersion } from '../../facts/version.ts';
import type { Answer, Phase, Question, Step } from '../answer.ts';
import { fill } from '../fill.ts';
import type { TargetRow } from '../targets/rules.ts';
import { parseDocument, type Parsed } from './document.ts';
import { mainOf } from './drop-in.ts';
import type { Change } from './edit.ts';
import { mergeContainerd, type Merged, type Wanted } from './merge.ts';
import { remark, type Remark } from './recognise.ts';
import type { MergeRules } from './rules.ts';
import { say, type RemarkRow, type Said } from './words.ts';

/** What the merge knows of versions, and its words in one language. */
export interface MergeFacts extends MergeRules {
  remarks: readonly Localised<RemarkRow>[];
}

export interface MergedFile {
  /** `refused`: there is no file to take away, and `problem` says why. */
  outcome: Merged['outcome'];
  /** The file to write: byte for byte what was given where nothing changes or it is refused. */
  text: string;
  /** Against the file that was given; for a drop-in, which is new, every line of it. */
  changes: readonly Change[];
  /** Lines that they name are those of the file that was given. */
  warnings: readonly Said[];
  problem?: Said;
  /** Ids of the answer's own warnings that the merge has taken care of. */
  settled: readonly string[];
  /**
   * The answer's steps, with the ones that edit a file by hand replaced by what puts this one in
   * its place, and the ones that take it away by what brings the kept copy back. Where nothing
   * changes there is nothing to put; where it is refused they are the answer's own.
   */
  steps: Readonly<Record<Phase, readonly Step[]>>;
  /** Where the result belongs; '' where there is none. */
  path: string;
  /** The name to save it under; '' where there is none. */
  name: string;
}

/** Merges one text again and again, as while somebody fills in a form, and parses it once. */
export interface Merger {
  /**
   * @param existing the file as it was pasted or dropped; for a drop-in the main file
   * @param answer what `generate` says to `question`
   * @param row the target's row of targets.yaml; undefined where there is no such target
   */
  merge(
    existing: string,
    question: Question,
    answer: Answer,
    row: TargetRow | undefined,
    facts: MergeFacts,
  ): MergedFile;
}

/** How many texts are remembered: a file, its result, and the ones before. */
const REMEMBERED = 4;

export function createMerger(): Merger {
  const known = new Map<string, Parsed>();
  const parse = (text: string): Parsed => {
    const parsed = known.get(text) ?? parseDocument(text);
    // The one that was used last goes last; the first is forgotten.
    known.delete(text);
    known.set(text, parsed);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
    return parsed;
  };
  return {
    merge: (existing, question, answer, row, facts) =>
      mergeWith(existing, question, answer, row, facts, parse),
  };
}

/** One merge; see `Merger`. Pure, and never throws for any text. */
export function mergeFor(
  existing: string,
  question: Question,
  answer: Answer,
  row: TargetRow | undefined,
  facts: MergeFacts,
): MergedFile {
  return mergeWith(existing, question, answer, row, facts, parseDocument);
}

/**
 * The `version` that a file of containerd states, as a question has it; '' where it states none or
 * is no TOML.
 */
export function statedFormat(existing: string): string {
  const parsed = parseDocument(existing.replace(/^\ufeff/, ''));
  const version = parsed.ok ? parsed.document.value['version'] : undefined;
  return typeof version === 'number' && version > 0 ? String(version) : '';
}

function mergeWith(
  existing: string,
  question: Question,
  answer: Answer,
  row: TargetRow | undefined,
  facts: MergeFacts,
  parse: typeof parseDocument,
): MergedFile {
  const words = (found: Remark): Said => say(found, facts.remarks);
  const refused = (problem: Said, warnings: readonly Said[] = []): MergedFile => ({
    outcome: 'refused',
    text: existing,
    changes: [],
    warnings,
    problem,
    settled: [],
    steps: answer.steps,
    path: '',
    name: '',
  });

  const [decided] = answer.reasons;
  const file = answer.files.find(({ role }) => role === 'apply');
  if (row === undefined || !answer.offered || file === undefined) {
    if (decided === undefined) throw new Error(`an answer for ${answer.target} without a reason`);
    return refused({ ...decided, line: undefined, way: '' });
  }
  if (row.merges === undefined)
    return refused(
      words(remark('target-writes-own', undefined, { name: answer.name, path: file.path })),
    );
  if (question.rollout !== '') return refused(words(remark('rollout-carries-own')));

  // What the answer's own files say is wanted here too, for the same reasons and versions.
  const says = (id: string): boolean =>
    answer.files.some(
      ({ role, lines }) =>
        role === 'apply' && lines.some(({ reasons }) => reasons.some((reason) => reason.id === id)),
    );
  // A fragment cannot add a key to a table that is there already; a change to the whole file can,
  // unless a file that it imports has that table, too, which containerd 1.x takes in place of it.
  const whole = row.merges === 'main' && !(isBefore2(question) && importsAny(existing, parse));
  const wants = (id: string): boolean => says(id) || (whole && holdsFor(id, question, facts));
  const wanted: Wanted = {
    options: ['volatile'],
    imagePullWithSyncFs: wants('sync-on-pull'),
    syncOnUnpack: wants('sync-on-unpack'),
    runtime: question.runtime,
    kernel: question.kernel,
  };

  const main = mergeContainerd(existing, wanted, facts, parse);
  const mainWarnings = main.warnings.map(words);
  if (main.problem !== undefined) return refused(words(main.problem), mainWarnings);
  // A target may offer a fragment under a name of its own; this is the whole file.
  const place = { path: file.path, name: baseName(file.path) };
  const steps = (outcome: Merged['outcome']): MergedFile['steps'] =>
    stepsFor(answer, outcome, facts, {
      ...place,
      backup: row.node?.backup ?? copyOf(file.path),
      service: row.node?.service ?? facts.containerd.service,
    });
  if (row.merges === 'main') {
    const added = main.changes.some(({ why }) => why === 'sync-on-pull');
    const beyond = added && !says('sync-on-pull');
    return {
      outcome: main.outcome,
      text: main.text,
      changes: main.changes,
      warnings: beyond
        ? [words(remark('flush-added', undefined, { name: answer.name })), ...mainWarnings]
        : mainWarnings,
      settled: answer.warnings
        .map(({ id }) => id)
        .filter(
          (id) =>
            id === 'merge' || (wanted.imagePullWithSyncFs === true && flushByHand.includes(id)),
        ),
      steps: steps(main.outcome),
      ...place,
    };
  }

  if (main.outcome === 'unchanged') return refused(words(remark('drop-in-not-needed')));
  // A drop-in would have to bring the word along that this kernel does not know.
  const replaced = main.warnings.find(({ id }) => id === 'fsync-replaced');
  if (replaced !== undefined)
    return refused(words(remark('fsync-spelling', replaced.line, replaced.values)));
  const dropIn = mergeContainerd(
    '',
    { ...wanted, dropIn: { path: file.path, main: existing } },
    facts,
    parse,
  );
  const ofMain = main.warnings.filter(({ id }) => !ofTheResult.includes(id)).map(words);
  const warnings = [...ofMain, ...dropIn.warnings.map(words)];
  if (dropIn.problem !== undefined) return refused(words(dropIn.problem), warnings);
  const { outcome, text, changes } = dropIn;
  return {
    outcome,
    text,
    changes,
    warnings,
    settled: ['drop-in-replaces'],
    steps: steps(outcome),
    ...place,
  };
}

/** Warnings of answers that tell to add the flush after a pull by hand, or that it is left out. */
const flushByHand: readonly string[] = ['minikube-sync', 'microk8s-sync', 'flatcar-sync'];

/** Whether containerd.yaml has a setting for this question, whatever the target's own files hold. */
function holdsFor(id: string, question: Question, { containerd }: MergeFacts): boolean {
  const runtime = parseVersion(question.runtime);
  const setting = containerd.settings.find((row) => row.id === id);
  if (runtime === undefined || setting === undefined) return false;
  const { node, shared } = setting.when ?? {};
  return (
    (node === undefined || (node === 'returns') === question.nodeReturns) &&
    (shared === undefined || shared === question.sharesContainerd) &&
    setting.tables.some((range) => inRange(runtime, range))
  );
}

function isBefore2({ runtime }: Question): boolean {
  return (parseVersion(runtime)?.major ?? 0) < 2;
}

function importsAny(existing: string, parse: typeof parseDocument): boolean {
  const found = mainOf(existing, parse);
  return found.ok && found.main.imports.length > 0;
}

/** What is said of a main file as the result, which the drop-in is instead. */
const ofTheResult: readonly string[] = [
  'imports-win',
  'bom-kept',
  'windows-line-ends',
  'placeholders',
];

/** What to do with the merged file, phase by phase; see `MergedFile.steps`. */
function stepsFor(
  answer: Answer,
  outcome: Merged['outcome'],
  { remarks }: MergeFacts,
  values: Readonly<Record<string, string>>,
): MergedFile['steps'] {
  const of = (phase: Phase): Step[] =>
    answer.steps[phase].flatMap((own): Step[] => {
      const row = remarks.find(({ step }) => step?.replaces.includes(own.id));
      if (row?.step === undefined) return [own];
      if (outcome === 'unchanged' && phase === 'apply') return [];
      const { command, expect } = row.step;
      return [
        {
          id: row.id,
          text: fill(row.says, values),
          source: row.source,
          status: row.status,
          command: fill(command, values),
          expect: expect === undefined ? undefined : fill(expect, values),
        },
      ];
    });
  return {
    apply: of('apply'),
    verify: of('verify'),
    rollback: of('rollback'),
    cleanup: of('cleanup'),
  };
}

/** Where the answers keep a copy of a file: beside it. */
function copyOf(path: string): string {
  return `${path}.before-volatile`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
