/** `generate`: the configurator on a terminal. */
import { join } from 'node:path';
import { loadContainerd, loadKernels, loadSources, loadTargets } from '../facts/load.ts';
import { localise } from '../facts/localise.ts';
import type { Answer, OutputFile, Question } from '../generate/answer.ts';
import { mergeFor, statedFormat, type MergedFile } from '../generate/merge/for-answer.ts';
import { loadRemarks } from '../generate/merge/load.ts';
import { generate, targetIds } from '../generate/targets/generate.ts';
import type { TargetRow, TargetsRules } from '../generate/targets/rules.ts';
import { didYouMean, readOptions, UsageError, type Options } from './arguments.ts';
import { explain } from './explain.ts';
import { readText } from './files.ts';
import { formatsOf, listTargets, needsOf, printTargets } from './list.ts';
import { mergeRefusal, onAlready, refusal, remarks } from './words.ts';

const options = {
  target: 'string',
  runtime: 'string',
  kernel: 'string',
  platform: 'string',
  format: 'string',
  rollout: 'string',
  'node-returns': 'boolean',
  'node-discarded': 'boolean',
  shared: 'boolean',
  'accept-known-problems': 'boolean',
  merge: 'string',
  file: 'string',
  list: 'boolean',
  explain: 'boolean',
  json: 'boolean',
  help: 'boolean',
} as const;

type Given = Options<typeof options>;

export const generateHelp = `Usage: npm run --silent cli -- generate --runtime VERSION --kernel VERSION [options]

Prints the file that turns volatile on, and nothing else, on standard output. The verdict, the
warnings and what a merge changed go to standard error. What would do nothing, or would stop
containers from starting, is refused: exit code 2, one line on standard error, no output.

  --target NAME              what to configure: containerd, unless you say another; see --list
  --runtime VERSION          version of the runtime, as containerd --version prints it: 2.1.4
  --kernel VERSION           version of the kernel, or all that uname -r prints: 6.12
  --platform VERSION         version of what carries the runtime: k3s, RKE2, k0s, Talos, Flatcar
  --format NUMBER            version that the configuration file states: 1 to 4; none for a new one
  --rollout NAME             what brings the file to many nodes, such as ansible; see --list
  --node-returns             the node comes back after a crash with its disk (default)
  --node-discarded           the node is thrown away after a crash
  --shared                   Docker, nerdctl or BuildKit use the same containerd
  --accept-known-problems    print the file although this version breaks images with a VOLUME

  --merge FILE               print FILE with the smallest change instead of a new file; - reads
                             standard input. For containerd-drop-in FILE is the main file, and
                             the result the drop-in beside it
  --file NAME                print this one of the answer's files instead of the first
  --explain                  print the whole answer as text: reasons, sources, commands
  --json                     print the whole answer as JSON
  --list                     print the targets and what each needs; with --json as JSON
  --help                     print this text

Merge into the file that is there:

  npm run --silent cli -- generate --runtime 2.1.4 --kernel 6.12 --merge config.toml > out.toml
`;

/** What a command says: text for standard output and standard error, and its exit code. */
export interface Outcome {
  out: string;
  err: string;
  code: number;
}

const facts = join(import.meta.dirname, '../../content/facts');

/** @throws UsageError when the arguments are not ones it knows, or name a file that it cannot read */
export async function generateCommand(args: readonly string[]): Promise<Outcome> {
  const given = readOptions(args, options);
  if (given.help) return said(generateHelp);
  excludeEachOther(given);
  const targets = localise(loadTargets(facts), 'en');
  if (given.list) return said(given.json ? print(listTargets(targets)) : printTargets(targets));

  const row = rowOf(given, targets);
  const asked = question(given, row);
  const existing = given.merge === undefined ? undefined : await readText(given.merge);
  if (existing !== undefined) asked.format = formatOf(given, row, existing);
  const rules = {
    containerd: localise(loadContainerd(facts), 'en'),
    kernels: localise(loadKernels(facts), 'en'),
    targets,
  };
  const answer = generate(asked, rules);
  if (!answer.offered) return refused(refusal(answer));

  let merged: MergedFile | undefined;
  if (existing !== undefined && answer.files.some(({ role }) => role === 'apply')) {
    merged = mergeFor(existing, asked, answer, row, {
      ...rules,
      remarks: localise(loadRemarks(facts), 'en'),
    });
    if (merged.outcome === 'refused') return refused(mergeRefusal(merged));
  }
  if (given.json) return said(print(whole(answer, merged)), remarks(answer, { merged }));
  if (given.explain) return said(explain(answer, merged, loadSources(facts)));
  if (merged !== undefined) return said(merged.text, remarks(answer, { merged }));

  const printed = fileOf(given, answer);
  return printed === undefined
    ? refused(onAlready(answer))
    : said(printed.text, remarks(answer, { printed }));
}

/** The answer as one value: with a merged file the steps are those for that file. */
function whole(answer: Answer, merged: MergedFile | undefined): unknown {
  if (merged === undefined) return answer;
  const { steps, ...merge } = merged;
  return { ...answer, steps, merge };
}

function said(out: string, err = ''): Outcome {
  return { out, err, code: 0 };
}

function refused(line: string): Outcome {
  return { out: '', err: `${line}\n`, code: 2 };
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Options of which a command line may have one. */
const alternatives: readonly (readonly (keyof Given)[])[] = [
  ['node-returns', 'node-discarded'],
  ['merge', 'file'],
  ['explain', 'json'],
  ['explain', 'file'],
  ['json', 'file'],
];

function excludeEachOther(given: Given): void {
  for (const names of alternatives)
    if (names.every((name) => given[name] !== undefined))
      throw new UsageError(`${names.map((name) => `--${name}`).join(' and ')} exclude each other`);
  if (given.list) {
    const other = Object.keys(given).find((name) => name !== 'list' && name !== 'json');
    if (other !== undefined) throw new UsageError(`--list and --${other} exclude each other`);
  }
}

function rowOf({ target = 'containerd' }: Given, rules: TargetsRules): TargetRow {
  const row = rules.targets.find(({ id }) => id === target);
  if (row !== undefined) return row;
  const known = targetIds(rules);
  throw new UsageError(
    `unknown target "${target}"${didYouMean(target, known)}; known: ${known.join(', ')}`,
  );
}

function question(given: Given, row: TargetRow): Question {
  if (row.platform === undefined && given.platform !== undefined)
    throw new UsageError(`--platform says nothing for ${row.id}: no version of its own counts`);
  if (formatsOf(row).length === 0 && given.format !== undefined)
    throw new UsageError(`--format says nothing for ${row.id}: its file is always of one kind`);
  for (const [name, example] of Object.entries(needsOf(row))) {
    if (given[name as keyof Given] !== undefined) continue;
    const asks = name === 'platform' ? ` ${row.platform?.asks ?? ''}` : '';
    throw new UsageError(`--${name} is missing, such as --${name} ${example}.${asks}`);
  }
  return {
    target: row.id,
    platform: given.platform ?? '',
    format: given.format ?? '',
    rollout: given.rollout ?? '',
    runtime: given.runtime ?? '',
    kernel: given.kernel ?? '',
    nodeReturns: !given['node-discarded'],
    sharesContainerd: given.shared ?? false,
    acceptKnownProblems: given['accept-known-problems'] ?? false,
  };
}

/** The version that the file to merge states, where the target asks for it. */
function formatOf(given: Given, row: TargetRow, existing: string): string {
  const stated = statedFormat(existing);
  const { format = '' } = given;
  if (format !== '' && stated !== '' && format !== stated)
    throw new UsageError(`--format ${format}, but the file states version ${stated}`);
  // A version that is not known is the merge's to name, with its line.
  return format === '' && formatsOf(row).includes(stated) ? stated : format;
}

/** The file to print; undefined where the answer has none to apply and no other was asked for. */
function fileOf({ file: name }: Given, { files }: Answer): OutputFile | undefined {
  if (name === undefined) return files.find(({ role }) => role === 'apply');
  const names = files.map((file) => file.name);
  const found = files.find((file) => file.name === name || file.path === name);
  if (found === undefined)
    throw new UsageError(
      `the answer has no file "${name}"${didYouMean(name, names)}; it has: ${names.join(', ')}`,
    );
  return found;
}
