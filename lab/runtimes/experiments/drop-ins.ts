/** How imported files and the main file become one configuration: as printed, and as in effect. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ConfigCommandsResult,
  DropInResult,
} from '../../../src/evidence/runtime-behaviour.ts';
import { config, importImage, topSnapshot, withDisk, type Bench } from '../bench.ts';
import {
  BASE,
  Containerd,
  configCommand,
  readPrinted,
  Refused,
  withContainerd,
} from '../containerd.ts';
import { dropIns, SNAPSHOTTER, type DropIn } from '../forms.ts';
import { complaints, complaintsBeyond, lineOf } from '../words.ts';

const FOLDER = join(BASE, 'conf.d');
const IMPORTS = `imports = ["${FOLDER}/*.toml"]\n`;
const LABEL = 'containerd.io/snapshot/overlay.upperdir';

export function tryDropIns(bench: Bench): Promise<DropInResult[]> {
  return withDisk(bench, async (root) => {
    const usual = await withContainerd(bench.programs, config(bench, []), root, async (daemon) => {
      await importImage(daemon, bench);
      return daemon.log;
    });
    const results: DropInResult[] = [];
    for (const dropIn of dropIns) {
      bench.tell(`drop-in ${dropIn.id}`);
      results.push(await tryDropIn(bench, dropIn, root, usual));
    }
    rmSync(FOLDER, { recursive: true, force: true });
    return results;
  });
}

async function tryDropIn(
  bench: Bench,
  { id, about, main, files }: DropIn,
  root: string,
  usual: string,
): Promise<DropInResult> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(FOLDER, name), text);
  const text = IMPORTS + main;
  const dump = await configCommand(bench.programs, 'dump', text);
  const printed = dump.code === 0 ? readPrinted(dump.stdout) : null;
  const result = { case: id, about, main: text, files, printed };

  let daemon: Containerd;
  try {
    daemon = await Containerd.start(bench.programs, text, root);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...result, inEffect: null, says: complaintsBeyond(error.log, usual) };
  }
  try {
    const key = join('drop-in', id);
    await daemon.must('snapshots', 'prepare', key, await topSnapshot(daemon));
    const { options } = await daemon.mountOf(key);
    const upperdirLabel = (await daemon.must('snapshots', 'info', key)).includes(LABEL);
    await daemon.must('snapshots', 'rm', key);
    const says = complaintsBeyond(daemon.log, usual);
    return { ...result, inEffect: { options, upperdirLabel }, says };
  } finally {
    await daemon.stop();
  }
}

/** What `config default`, `dump` and `migrate` print. */
export async function tryConfigCommands(bench: Bench): Promise<ConfigCommandsResult> {
  const text = config({ ...bench, configVersion: 2 }, ['volatile']);
  const line = (printed: string): string | null => lineOf(printed, SNAPSHOTTER, 'mount_options');
  const fresh = await configCommand(bench.programs, 'default');
  const dump = await configCommand(bench.programs, 'dump', text);
  const migrate = await configCommand(bench.programs, 'migrate', text);
  // An unknown command prints help on stdout, so the exit code decides.
  const migrated = migrate.code === 0 ? readPrinted(migrate.stdout) : null;
  return {
    dumpLine: line(dump.stdout),
    dumpVersion: readPrinted(dump.stdout).version,
    defaultLine: line(fresh.stdout),
    defaultVersion: readPrinted(fresh.stdout).version,
    migrate: {
      exitCode: migrate.code,
      says:
        migrated === null
          ? `${migrate.stdout}\n${migrate.stderr}`.split('\n').filter((said) => said.trim() !== '')
          : complaints(migrate.stderr),
      version: migrated?.version ?? null,
      mountOptions: migrated?.mountOptions ?? null,
    },
  };
}
