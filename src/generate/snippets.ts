/**
 * The generator's files at addresses that stay: `/snippets/<target>/<version>/<file>`, for scripts
 * that want a file and no form. One folder holds what one target is offered at one version, by
 * hand and by every roll-out.
 */
import { formatVersion, parseVersion } from '../facts/version.ts';
import type { Answer, Language, OutputFile, Question, Verdict } from './answer.ts';

/** The part of the rules that says which versions are worth an address. */
export interface SnippetFacts {
  containerd: { notable: readonly { id: string }[] };
  targets: {
    targets: readonly {
      id: string;
      name: string;
      notable: readonly { platform?: string | undefined; runtime?: string | undefined }[];
      rollouts: readonly string[];
    }[];
  };
}

type SnippetTarget = SnippetFacts['targets']['targets'][number];

/** A version of a target: of what carries the runtime, where that has one, and of the runtime. */
interface SnippetVersion {
  platform: string;
  runtime: string;
}

/** Where the folders begin. */
const ROOT = '/snippets';

/** Targets that are containerd itself, so that all of its versions are theirs. */
const containerdItself: readonly string[] = ['containerd', 'containerd-drop-in'];

function versionsOf(row: SnippetTarget, facts: SnippetFacts): SnippetVersion[] {
  const own = row.notable.map(({ platform = '', runtime = '' }) => ({ platform, runtime }));
  if (!containerdItself.includes(row.id)) return own;
  const all = facts.containerd.notable.map(({ id }) => ({ platform: '', runtime: id }));
  return [...all, ...own.filter(({ runtime }) => !all.some((one) => one.runtime === runtime))];
}

function addressOf(target: string, { platform, runtime }: SnippetVersion, name: string): string {
  return `${ROOT}/${target}/${platform === '' ? runtime : platform}/${name}`;
}

/** Whether an answer's files are published: not what a reader would have to accept first. */
function isPublished(answer: Answer): boolean {
  return answer.offered && answer.verdict !== 'known-problem';
}

/**
 * The address of the raw text of one of an answer's files; undefined where there is none, because
 * the version is not one that is published or a choice is not the default. The kernel does not
 * matter: it decides whether there is a file, and not what it says.
 */
export function snippetPath(
  question: Question,
  answer: Answer,
  file: Pick<OutputFile, 'name'>,
  facts: SnippetFacts,
): string | undefined {
  const row = facts.targets.targets.find(({ id }) => id === question.target.trim());
  if (row === undefined || !isPublished(answer)) return undefined;
  if (!question.nodeReturns || question.sharesContainerd) return undefined;
  if (question.format !== '' && question.format !== 'new') return undefined;
  const version = versionsOf(row, facts).find(
    ({ platform, runtime }) =>
      (platform === '' || isSame(platform, question.platform)) && isSame(runtime, question.runtime),
  );
  return version === undefined ? undefined : addressOf(row.id, version, file.name);
}

/** Whether what was typed is this version, whatever a packager added to it. */
function isSame(version: string, typed: string): boolean {
  const parsed = parseVersion(typed.trim().replace(/^cri-o:\/\//, ''));
  return parsed !== undefined && formatVersion(parsed) === version;
}

export interface SnippetFile {
  name: string;
  /** From the root of the site. */
  url: string;
  /** Where the file belongs; one that starts with `./` is on the machine of who applies it. */
  path: string;
  language: Language;
  role: OutputFile['role'];
  /** Id of the roll-out it is for; '' for one node by hand. */
  rollout: string;
}

/** What is published of a target at one version. */
export interface SnippetEntry {
  target: string;
  name: string;
  verdict: Verdict;
  /** Why, in one sentence. */
  reason: string;
  /** null where no version of it counts. */
  runtime: string | null;
  platform: string | null;
  /** The first mainline kernel that knows the mount option. */
  kernelMinimum: string;
  /** None where the target cannot have it. */
  files: SnippetFile[];
}

export interface Snippets {
  entries: SnippetEntry[];
  /** The text at each address. */
  texts: ReadonlyMap<string, string>;
}

/**
 * Every file that is published, and every target, also those that have none.
 *
 * @param kernel the version to ask for: the newest one that is known
 * @param ask `generate` with its rules
 * @throws Error when two files of one folder have one name and another text
 */
export function collectSnippets(
  facts: SnippetFacts,
  kernel: { newest: string; minimum: string },
  ask: (question: Question) => Answer,
): Snippets {
  const texts = new Map<string, string>();
  const entries = facts.targets.targets.flatMap((row): SnippetEntry[] => {
    const versions = versionsOf(row, facts);
    const all = (versions.length === 0 ? [{ platform: '', runtime: '' }] : versions).map(
      (version) => entryOf(row, version),
    );
    const withFiles = all.filter(({ files }) => files.length > 0);
    return withFiles.length > 0 ? withFiles : all.slice(0, 1);
  });
  return { entries, texts };

  function entryOf(row: SnippetTarget, version: SnippetVersion): SnippetEntry {
    const question = (rollout: string): Question => ({
      target: row.id,
      ...version,
      kernel: kernel.newest,
      format: '',
      rollout,
      nodeReturns: true,
      sharesContainerd: false,
      acceptKnownProblems: false,
    });
    const answer = ask(question(''));
    const files: SnippetFile[] = [];
    for (const rollout of isPublished(answer) ? ['', ...row.rollouts] : [])
      for (const file of ask(question(rollout)).files) {
        const url = addressOf(row.id, version, file.name);
        const known = texts.get(url);
        if (known !== undefined && known !== file.text)
          throw new Error(`two files of ${row.id} have the address ${url}`);
        if (known !== undefined) continue;
        texts.set(url, file.text);
        const { name, path, language, role } = file;
        files.push({ name, url, path, language, role, rollout });
      }
    return {
      target: row.id,
      name: row.name,
      verdict: answer.verdict,
      reason: answer.reasons[0]?.text ?? '',
      runtime: version.runtime === '' ? null : version.runtime,
      platform: version.platform === '' ? null : version.platform,
      kernelMinimum: kernel.minimum,
      files,
    };
  }
}
