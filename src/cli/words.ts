/** What the commands say on standard error, line by line. */
import type { Answer, OutputFile, Reason } from '../generate/answer.ts';
import type { Change } from '../generate/merge/edit.ts';
import type { MergedFile } from '../generate/merge/for-answer.ts';
import { ui } from '../i18n.ts';

/** A reason with how sure it is: what was only read in source code says so. */
export function because({ text, status }: Reason): string {
  return `${text} (${ui('frame', 'en').status[status]})`;
}

/** Why there is no file, in one line: what is wrong, what works instead. */
export function refusal(answer: Answer): string {
  const { runtime, kernel } = answer.nearest;
  const works = [
    ...(runtime === undefined ? [] : [`containerd ${runtime}`]),
    ...(kernel === undefined ? [] : [`Linux ${kernel}`]),
  ];
  return inOneLine([
    `${answer.verdict}:`,
    ...answer.reasons.filter(({ id }) => answer.blocking.includes(id)).map(({ text }) => text),
    ...(works.length === 0 ? [] : [`Nearest that works: ${works.join(' on ')}.`]),
    ...(answer.instead.length === 0 ? [] : ['What helps instead:']),
    ...answer.instead.map(({ text, command }) =>
      command === undefined ? text : `${text} (${command})`,
    ),
    ...(answer.verdict === 'known-problem'
      ? ['To have the file all the same: --accept-known-problems.']
      : []),
  ]);
}

/** Why there is nothing to write where it is on already: since when, how to see it, how to undo it. */
export function onAlready(answer: Answer): string {
  const [look] = answer.steps.verify;
  const [optOut] = answer.files;
  return inOneLine([
    `${answer.verdict}:`,
    ...answer.reasons.map(({ text }) => text),
    'There is nothing to write.',
    ...(optOut === undefined ? [] : [`To turn it off: --file ${optOut.name}.`]),
    // A command goes last: no full stop may touch it.
    ...(look === undefined ? [] : [`To see it: ${look.command}`]),
  ]);
}

/** Why a file that was given was not merged, in one line. */
export function mergeRefusal({ problem }: MergedFile): string {
  return inOneLine(['refused:', problem?.text ?? '', problem?.way ?? '']);
}

/** Everything about an answer but its files. */
export function remarks(
  answer: Answer,
  { printed, merged }: { printed?: OutputFile | undefined; merged?: MergedFile | undefined },
): string {
  const others = answer.files.filter(
    (file) => file !== printed && (merged === undefined || file.path !== merged.path),
  );
  return [
    ...answer.reasons.map(
      (reason, index) => `${index === 0 ? answer.verdict : 'and'}: ${because(reason)}`,
    ),
    ...(answer.probe === undefined
      ? []
      : [
          `test: ${because(answer.probe)}`,
          answer.probe.command,
          `expect: ${answer.probe.expect ?? ''}`,
        ]),
    ...(printed === undefined ? [] : [`file: ${printed.path}: ${because(printed.reason)}`]),
    ...(merged === undefined ? [] : mergeLines(merged)),
    ...others.map(
      (file) => `also: ${file.path}: ${because(file.reason)} To print it: --file ${file.name}`,
    ),
    ...stillSaid(answer, merged).map((warning) => `warning: ${because(warning)}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The answer's warnings without those that a merge has taken care of. */
export function stillSaid(answer: Answer, merged: MergedFile | undefined): readonly Reason[] {
  return answer.warnings.filter(({ id }) => merged?.settled.includes(id) !== true);
}

/** What a merge did: where its result belongs, the lines it changed, what it found. */
export function mergeLines(merged: MergedFile): string[] {
  return [
    merged.outcome === 'unchanged'
      ? `unchanged: ${merged.path}: the file has it already and is printed as it came.`
      : `changed: ${merged.path}:`,
    ...diff(merged.changes),
    ...merged.warnings.map((warning) => inOneLine([`warning: ${because(warning)}`, warning.way])),
  ];
}

/** `-12: the line 12 that was` and `+12: the line 12 that is`. */
export function diff(changes: readonly Change[]): string[] {
  // Changes number lines as the result has them; lines added above push those that were down.
  let added = 0;
  return changes.flatMap(({ line, before, after }) => {
    const lines = [
      ...(before === undefined ? [] : [`-${String(line - added)}: ${before}`]),
      ...(after === undefined ? [] : [`+${String(line)}: ${after}`]),
    ];
    added += (after === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
    return lines;
  });
}

function inOneLine(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ');
}
