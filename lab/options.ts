import { parseArgs } from 'node:util';
import { Refusal } from './refusal.ts';
import { SCENARIOS, type Scenario } from './scenarios/index.ts';

export const FILESYSTEMS = ['ext4', 'xfs', 'btrfs'] as const;
export type Filesystem = (typeof FILESYSTEMS)[number];

export interface Options {
  help: boolean;
  list: boolean;
  /** Series or suites; empty for every kernel of Debian's mirror. */
  kernels: string[];
  scenarios: Scenario[];
  filesystems: Filesystem[];
  dirtyMiB: number;
  rate: number;
  /** Only runs that the cache does not hold of this very package. */
  missing: boolean;
  /** Fetch the package lists even if they are fresh. */
  refresh: boolean;
  /** Where normalised results go: a folder that has, or gets, `recordings` and `facts`. */
  to: string;
}

/** What counts where nothing is chosen, as one would type it. */
export const DEFAULTS = { filesystem: 'ext4', dirty: '64', rate: '20', to: 'content' };

export const USAGE = `usage: npm run lab -- [options]

Boots kernels of Debian in QEMU and records what they do.
  --list             kernels and scenarios, and records nothing
  --kernel LIST      series or suites: 6.12 or 5.10,forky; default all
  --scenario LIST    names as --list shows them, * stands for anything; default all
  --filesystem LIST  ${FILESYSTEMS.join(', ')}; default ${DEFAULTS.filesystem}
  --dirty MIB        dirty data where a scenario does not fix its own; default ${DEFAULTS.dirty}
  --rate MB/S        write limit of the recorded disk, 10^6 bytes per second; default ${DEFAULTS.rate}
  --missing          only runs that the cache does not hold yet: goes on after an interruption
  --refresh          fetches the package lists again
  --to DIR           writes DIR/recordings/ and DIR/facts/measured.json; default ${DEFAULTS.to}`;

/** The guest has 2 GiB of memory and holds everything that is dirty in it. */
const MOST_DIRTY = 1024;

/**
 * Reads the command line.
 *
 * @throws Refusal with code 2 for bad usage
 */
export function parseOptions(argv: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean' },
        list: { type: 'boolean' },
        kernel: { type: 'string', multiple: true },
        scenario: { type: 'string', multiple: true },
        filesystem: { type: 'string', multiple: true },
        dirty: { type: 'string', default: DEFAULTS.dirty },
        rate: { type: 'string', default: DEFAULTS.rate },
        missing: { type: 'boolean' },
        refresh: { type: 'boolean' },
        to: { type: 'string', default: DEFAULTS.to },
      },
    }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Refusal(`${message.split('\n')[0] ?? ''} (--help explains)`, 2);
  }
  const dirtyMiB = Number(values.dirty);
  if (!Number.isInteger(dirtyMiB) || dirtyMiB < 1 || dirtyMiB > MOST_DIRTY) {
    throw new Refusal(
      `--dirty ${values.dirty} is not a whole number of MiB up to ${MOST_DIRTY}.`,
      2,
    );
  }
  const rate = Number(values.rate);
  if (!/^\d+(?:\.\d+)?$/.test(values.rate) || rate < 0.5) {
    throw new Refusal(`--rate ${values.rate} is not a number of MB/s from 0.5 on.`, 2);
  }
  return {
    help: values.help === true,
    list: values.list === true,
    kernels: split(values.kernel),
    scenarios: chooseScenarios(split(values.scenario)),
    filesystems: chooseFilesystems(split(values.filesystem ?? [DEFAULTS.filesystem])),
    dirtyMiB,
    rate,
    missing: values.missing === true,
    refresh: values.refresh === true,
    to: values.to,
  };
}

const split = (lists: readonly string[] = []): string[] =>
  [...new Set(lists.flatMap((list) => list.split(',')).map((word) => word.trim()))].filter(Boolean);

function chooseScenarios(patterns: readonly string[]): Scenario[] {
  if (patterns.length === 0) return [...SCENARIOS];
  const tests = patterns.map((pattern) => {
    const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return { pattern, test: new RegExp(`^${source}$`) };
  });
  const unknown = tests.filter(({ test }) => !SCENARIOS.some(({ name }) => test.test(name)));
  if (unknown.length > 0) {
    const named = unknown.map(({ pattern }) => pattern).join(', ');
    throw new Refusal(`Unknown scenario ${named}. --list names them.`, 2);
  }
  return SCENARIOS.filter(({ name }) => tests.some(({ test }) => test.test(name)));
}

function chooseFilesystems(names: readonly string[]): Filesystem[] {
  const unknown = names.filter((name) => !FILESYSTEMS.some((known) => known === name));
  if (unknown.length > 0) {
    throw new Refusal(
      `Unknown file system ${unknown.join(', ')}. Known: ${FILESYSTEMS.join(', ')}.`,
      2,
    );
  }
  return FILESYSTEMS.filter((name) => names.includes(name));
}
