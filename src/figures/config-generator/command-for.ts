/** The command line that asks what the form asks. */
import type { Question } from '../../generate/answer.ts';

/** Runs in a clone of the repository and prints the same file. */
export function commandFor(question: Question): string {
  const { target, platform, runtime, kernel, format, rollout } = question;
  const values: [option: string, value: string][] = [
    ['target', target],
    ['platform', platform],
    ['runtime', runtime],
    ['kernel', kernel],
    ['format', format === 'new' ? '' : format],
    ['rollout', rollout],
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
