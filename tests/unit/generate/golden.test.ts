/**
 * One file for each target and notable version under tests/golden/targets, to be read as text when
 * it changes. `npx vitest run tests/unit/generate/golden.test.ts --update` writes them anew.
 */
import { expect, test } from 'vitest';
import type { Reason, Step } from '../../../src/generate/answer.ts';
import type { Answer, Question } from '../../../src/generate/answer.ts';
import { ask, notable } from './rules.ts';

const versions = ['1.6.34', '1.7.19', '1.7.34', '2.0.0', '2.0.11', '2.1.4', '2.2.7', '2.3.0'];

const cases: [name: string, question: Partial<Question>][] = [
  ...notable,
  ...versions.map((runtime): [string, Partial<Question>] => [`containerd ${runtime}`, { runtime }]),
  ['containerd 1.7.24 discarded', { runtime: '1.7.24', nodeReturns: false }],
  ['containerd 1.7.24 shared', { runtime: '1.7.24', sharesContainerd: true }],
  ['containerd 1.7.34 shared', { runtime: '1.7.34', sharesContainerd: true }],
  ['containerd 1.7.24 rhel-8', { runtime: '1.7.24', kernel: '4.18.0-513.el8.x86_64' }],
  ['containerd 1.7.18 accepted', { runtime: '1.7.18', acceptKnownProblems: true }],
  ['containerd 1.7.13 accepted', { runtime: '1.7.13', acceptKnownProblems: true }],
  ['containerd 1.7.3', { runtime: '1.7.3' }],
  ['containerd 1.7.3 kernel 5.4', { runtime: '1.7.3', kernel: '5.4' }],
  ['containerd 1.7', { runtime: '1.7' }],
  ['containerd 2.1.9 discarded', { nodeReturns: false }],
  ['containerd 2.1.9 shared', { sharesContainerd: true }],
  ['containerd 2.1.9 tencentos', { kernel: '5.4.119-19-0009.11' }],
  ...['1', '2', '3', '4'].flatMap((format) =>
    ['1.7.24', '2.1.9', '2.3.4'].map((runtime): [string, Partial<Question>] => [
      `containerd ${runtime} version ${format}`,
      { runtime, format },
    ]),
  ),
  ['containerd 1.7.18', { runtime: '1.7.18' }],
  ['containerd-drop-in 2.1.9 discarded', { target: 'containerd-drop-in', nodeReturns: false }],
  ['k3s no version', { target: 'k3s', runtime: '2.1.9' }],
  ['k3s 1.27.1 1.7.1', { target: 'k3s', platform: '1.27.1', runtime: '1.7.1' }],
  ['k0s 1.26.0 1.7.24', { target: 'k0s', platform: '1.26.0', runtime: '1.7.24' }],
  ['talos 1.5.0 1.6.23', { target: 'talos', platform: '1.5.0', runtime: '1.6.23' }],
  ['talos 1.15.0 2.3.4', { target: 'talos', platform: '1.15.0', runtime: '2.3.4' }],
  ['cri-o 1.21.0', { target: 'cri-o', runtime: '1.21.0' }],
  ['podman 4.3.1 kernel 5.4', { target: 'podman', runtime: '4.3.1', kernel: '5.4' }],
  ['no such target', { target: 'nomad' }],
];

test.each(cases)('%s', async (name, question) => {
  await expect(print(ask(question))).toMatchFileSnapshot(
    `../../golden/targets/${name.replaceAll(' ', '-')}.txt`,
  );
});

test.each([
  ['containerd 2.1.9 shared', { sharesContainerd: true }],
  ['k3s 1.36.2 2.3.4', { target: 'k3s', platform: '1.36.2', runtime: '2.3.4' }],
  ['containerd-drop-in 2.1.9 daemonset', { target: 'containerd-drop-in', rollout: 'daemonset' }],
  ['docker', { target: 'docker' }],
  ['podman 4.3.1', { target: 'podman', runtime: '4.3.1' }],
] satisfies [string, Partial<Question>][])('%s in Chinese', async (name, question) => {
  await expect(print(ask(question, 'zh-cn'))).toMatchFileSnapshot(
    `../../golden/targets/${name.replaceAll(' ', '-')}.zh-cn.txt`,
  );
});

/** Everything an answer says, in the order in which a reader meets it. */
function print(answer: Answer): string {
  const because = (reason: Reason): string =>
    `${reason.text} [${[reason.status, ...reason.source].join(' ')}]`;
  const lines = [
    `${answer.name}: ${answer.verdict}${answer.offered ? '' : ' (nothing offered)'}`,
    ...answer.reasons.map((reason) => `  ${because(reason)}`),
    ...(answer.about === undefined ? [] : [`about: ${because(answer.about)}`]),
    ...Object.entries(answer.nearest).map(([part, version]) => `nearest ${part}: ${version}`),
    ...(answer.probe === undefined ? [] : ['test:', ...step(answer.probe)]),
    ...answer.warnings.map((warning) => `warning: ${because(warning)}`),
    ...answer.files.flatMap((file) => [
      '',
      `----- ${file.name} -> ${file.path} (${file.language}, ${file.role})`,
      `      ${because(file.reason)}`,
      ...file.text.trimEnd().split('\n'),
      '-----',
      ...file.lines.flatMap((line) =>
        line.reasons.map((reason) => `${line.text.trim()}\n  ${because(reason)}`),
      ),
    ]),
    ...Object.entries(answer.steps).flatMap(([phase, steps]) =>
      steps.length === 0 ? [] : ['', `${phase}:`, ...steps.flatMap(step)],
    ),
    ...(answer.instead.length === 0 ? [] : ['', 'instead:']),
    ...answer.instead.flatMap((help) => [
      `  ${because(help)}`,
      ...(help.command === undefined ? [] : [`  $ ${help.command}`]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function step(of: Step): string[] {
  return [
    `  ${of.text}`,
    `  $ ${of.command}`,
    ...(of.expect === undefined ? [] : [`  > ${of.expect}`]),
  ];
}
