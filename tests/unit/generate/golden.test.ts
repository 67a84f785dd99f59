/**
 * One file for each notable version and case under tests/golden/, to be read as text when it
 * changes. `npx vitest run tests/unit/generate/golden.test.ts --update` writes them anew.
 */
import { expect, test } from 'vitest';
import type { Answer, Question, Reason } from '../../../src/generate/answer.ts';
import { ask } from './rules.ts';

const versions = [
  '1.6.34',
  '1.6.39',
  '1.7.19',
  '1.7.24',
  '1.7.34',
  '2.0.0',
  '2.0.11',
  '2.1.4',
  '2.1.9',
  '2.2.7',
  '2.3.0',
  '2.3.4',
];

const cases: [name: string, question: Partial<Question>][] = [
  ...versions.map((runtime): [string, Partial<Question>] => [runtime, { runtime }]),
  ['1.7.24-discarded', { runtime: '1.7.24', nodeReturns: false }],
  ['1.7.24-shared', { runtime: '1.7.24', sharesContainerd: true }],
  ['1.7.34-shared', { runtime: '1.7.34', sharesContainerd: true }],
  ['1.7.24-rhel-8', { runtime: '1.7.24', kernel: '4.18.0-513.el8.x86_64' }],
  ['1.7.18', { runtime: '1.7.18' }],
  ['1.7.18-accepted', { runtime: '1.7.18', acceptKnownProblems: true }],
  ['1.7.13-accepted', { runtime: '1.7.13', acceptKnownProblems: true }],
  ['1.7.3', { runtime: '1.7.3' }],
  ['1.7.3-kernel-5.4', { runtime: '1.7.3', kernel: '5.4' }],
  ['1.7', { runtime: '1.7' }],
  ['2.1.9-discarded', { runtime: '2.1.9', nodeReturns: false }],
  ['2.1.9-shared', { runtime: '2.1.9', sharesContainerd: true }],
  ['2.1.9-tencentos', { runtime: '2.1.9', kernel: '5.4.119-19-0009.11' }],
];

test.each(cases)('containerd %s', async (name, question) => {
  await expect(print(ask(question))).toMatchFileSnapshot(`../../golden/containerd/${name}.txt`);
});

test('containerd 2.1.9 in Chinese', async () => {
  await expect(
    print(ask({ runtime: '2.1.9', sharesContainerd: true }, 'zh-cn')),
  ).toMatchFileSnapshot('../../golden/containerd/2.1.9-shared.zh-cn.txt');
});

/** Everything an answer says, in the order a reader meets it. */
function print(answer: Answer): string {
  const because = (reason: Reason): string =>
    `${reason.text} [${[reason.status, ...reason.source].join(' ')}]`;
  const lines = [
    `verdict: ${answer.verdict}${answer.offered ? '' : ' (no file)'}`,
    ...answer.reasons.map((reason) => `  ${because(reason)}`),
    ...Object.entries(answer.nearest).map(([part, version]) => `nearest ${part}: ${version}`),
    ...(answer.probe === undefined ? [] : ['test:', ...step(answer.probe)]),
    ...answer.warnings.map((warning) => `warning: ${because(warning)}`),
    ...answer.files.flatMap((file) => [
      '',
      `----- ${file.path}`,
      ...file.text.trimEnd().split('\n'),
      '-----',
      ...file.lines.flatMap((line) =>
        line.reasons.map((reason) => `${line.text.trim()}\n  ${because(reason)}`),
      ),
    ]),
    ...Object.entries(answer.steps).flatMap(([phase, steps]) =>
      steps.length === 0 ? [] : ['', `${phase}:`, ...steps.flatMap(step)],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function step(of: Answer['steps']['apply'][number]): string[] {
  return [
    `  ${of.text}`,
    `  $ ${of.command}`,
    ...(of.expect === undefined ? [] : [`  > ${of.expect}`]),
  ];
}
