/** The command line that asks what the form asks. */
import type { OutputFile, Question } from '../../generate/answer.ts';
import type { TargetRow } from '../../generate/targets/rules.ts';

/**
 * Runs in a clone of the repository and prints the same file.
 *
 * @param files the answer's; where none turns the option on, the first is asked for by name
 * @param row what the target asks for: the command line refuses what means nothing to it
 */
export function commandFor(
  question: Question,
  row: TargetRow,
  files: readonly Pick<OutputFile, 'name' | 'role'>[],
): string {
  const { target, runtime, kernel, rollout } = question;
  const platform = row.platform === undefined ? '' : question.platform;
  const hasFormats = row.files.some((file) => file.format !== undefined);
  const format = hasFormats && question.format !== 'new' ? question.format : '';
  const values: [option: string, value: string][] = [
    ['target', target],
    ['platform', platform],
    ['runtime', runtime],
    ['kernel', kernel],
    ['format', format],
    ['rollout', rollout],
    ['file', files.some(({ role }) => role === 'apply') ? '' : (files[0]?.name ?? '')],
  ];
  return [
    'npm run --silent cli -- generate',
    ...values.flatMap(([option, value]) => (value === '' ? [] : [`--${option} ${quoted(value)}`])),
    ...(question.nodeReturns ? [] : ['--node-discarded']),
    ...(question.sharesContainerd ? ['--shared'] : []),
    ...(question.acceptKnownProblems ? ['--accept-known-problems'] : []),
  ].join(' ');
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return /^[\w.+:/@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
