/** `generate`: the configurator on a terminal. */
import { join } from 'node:path';
import { loadContainerd, loadKernels, loadTargets } from '../facts/load.ts';
import { localise } from '../facts/localise.ts';
import type { Answer, Question } from '../generate/answer.ts';
import { generate } from '../generate/targets/generate.ts';
import { didYouMean, readOptions, UsageError, type Options } from './arguments.ts';

const options = {
  target: 'string',
  runtime: 'string',
  kernel: 'string',
  'node-returns': 'boolean',
  'node-discarded': 'boolean',
  shared: 'boolean',
  'accept-known-problems': 'boolean',
  json: 'boolean',
  help: 'boolean',
} as const;

export const generateHelp = `Usage: npm run --silent cli -- generate --runtime VERSION --kernel VERSION [options]

Prints the configuration file that turns volatile on, and nothing else, on standard output.
Verdict and warnings go to standard error. What would do nothing, or would stop containers from
starting, is refused with exit code 2 and no output.

  --target NAME              what to configure: containerd
  --runtime VERSION          version of the runtime, as containerd --version prints it: 2.1.4
  --kernel VERSION           version of the kernel, or all that uname -r prints: 6.12
  --node-returns             the node comes back after a crash with its disk (default)
  --node-discarded           the node is thrown away after a crash
  --shared                   Docker, nerdctl or BuildKit use the same containerd
  --accept-known-problems    print the file although this version breaks images with a VOLUME
  --json                     print the whole answer: verdict, reasons, files, commands, sources
  --help                     print this text
`;

/** What a command says: text for standard output and standard error, and its exit code. */
export interface Outcome {
  out: string;
  err: string;
  code: number;
}

const facts = join(import.meta.dirname, '../../content/facts');
const targets = ['containerd'];

/** @throws UsageError when the arguments are not ones it knows */
export function generateCommand(args: readonly string[]): Outcome {
  const given = readOptions(args, options);
  if (given.help) return { out: generateHelp, err: '', code: 0 };
  const answer = generate(question(given), {
    containerd: localise(loadContainerd(facts), 'en'),
    kernels: localise(loadKernels(facts), 'en'),
    targets: localise(loadTargets(facts), 'en'),
  });
  if (!answer.offered) return { out: '', err: `${refusal(answer)}\n`, code: 2 };
  return {
    out: given.json
      ? `${JSON.stringify(answer, null, 2)}\n`
      : answer.files.map((file) => file.text).join(''),
    err: remarks(answer),
    code: 0,
  };
}

function question(given: Options<typeof options>): Question {
  const target = targets.find((name) => name === (given.target ?? targets[0]));
  if (target === undefined)
    throw new UsageError(
      `unknown target "${String(given.target)}"${didYouMean(String(given.target), targets)}; known: ${targets.join(', ')}`,
    );
  const { runtime, kernel } = given;
  if (runtime === undefined) throw new UsageError('--runtime is missing, such as --runtime 2.1.9');
  if (kernel === undefined) throw new UsageError('--kernel is missing, such as --kernel 6.12');
  if (given['node-returns'] && given['node-discarded'])
    throw new UsageError('--node-returns and --node-discarded exclude each other');
  return {
    target,
    platform: '',
    format: '',
    rollout: '',
    runtime,
    kernel,
    nodeReturns: !given['node-discarded'],
    sharesContainerd: given.shared ?? false,
    acceptKnownProblems: given['accept-known-problems'] ?? false,
  };
}

/** One line: what is wrong, what works instead. */
function refusal(answer: Answer): string {
  const { runtime, kernel } = answer.nearest;
  const works = [
    ...(runtime === undefined ? [] : [`containerd ${runtime}`]),
    ...(kernel === undefined ? [] : [`Linux ${kernel}`]),
  ];
  return [
    `${answer.verdict}:`,
    ...answer.reasons
      .filter((reason) => answer.blocking.includes(reason.id))
      .map((reason) => reason.text),
    ...(works.length === 0 ? [] : [`Nearest that works: ${works.join(' on ')}.`]),
    ...(answer.verdict === 'known-problem'
      ? ['To have the file all the same: --accept-known-problems.']
      : []),
  ]
    .join(' ')
    .replaceAll('\n', ' ');
}

function remarks(answer: Answer): string {
  return [
    ...answer.reasons.map(
      (reason, index) => `${index === 0 ? answer.verdict : 'and'}: ${reason.text}`,
    ),
    ...(answer.probe === undefined
      ? []
      : [
          `test: ${answer.probe.text}`,
          answer.probe.command,
          `expect: ${answer.probe.expect ?? ''}`,
        ]),
    ...answer.files.map((file) => `file: ${file.path}`),
    ...answer.warnings.map((warning) => `warning: ${warning.text}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
