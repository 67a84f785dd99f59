/** What is mounted and what is synced while an image is unpacked. */
import { join } from 'node:path';
import type { UnpackResult } from '../../../src/evidence/runtime-behaviour.ts';
import { config, registryTables, withDisk, type Bench } from '../bench.ts';
import { CtrError, withContainerd, type Containerd } from '../containerd.ts';
import { CriError, pullImage } from '../cri.ts';
import { serveRegistry } from '../registry.ts';
import { mountsOf, watch } from '../strace.ts';
import { complaintsBeyond } from '../words.ts';

interface Way {
  by: string;
  setting: string;
  /** Keys of the table in which the CRI plugin keeps what it does with images. */
  imageKeys?: string[];
  tables?: string[];
  unpack: (daemon: Containerd, bench: Bench, host: string) => Promise<void>;
}

const byCri: Way['unpack'] = async (daemon, _bench, host) => {
  await pullImage(daemon.socket, `${host}/lab/tiny:1`);
};

const byImport =
  (...flags: string[]): Way['unpack'] =>
  async (daemon, bench) => {
    await daemon.must('images', 'import', ...flags, bench.archive);
  };

const DIFF_SERVICE = [`[plugins."io.containerd.service.v1.diff-service"]`, '  sync_fs = true'];

const ways: readonly Way[] = [
  { by: 'CRI PullImage', setting: 'none', unpack: byCri },
  {
    by: 'CRI PullImage',
    setting: 'image_pull_with_sync_fs',
    imageKeys: ['image_pull_with_sync_fs = true'],
    unpack: byCri,
  },
  { by: 'CRI PullImage', setting: 'diff-service sync_fs', tables: DIFF_SERVICE, unpack: byCri },
  { by: 'ctr images import', setting: 'none', unpack: byImport() },
  { by: 'ctr images import --sync-fs', setting: 'none', unpack: byImport('--sync-fs') },
  {
    by: 'ctr images import --local --sync-fs',
    setting: 'none',
    unpack: byImport('--local', '--sync-fs'),
  },
  {
    by: 'ctr images import',
    setting: 'diff-service sync_fs',
    tables: DIFF_SERVICE,
    unpack: byImport(),
  },
  {
    by: 'ctr images import --local',
    setting: 'diff-service sync_fs',
    tables: DIFF_SERVICE,
    unpack: byImport('--local'),
  },
];

export async function tryUnpack(bench: Bench): Promise<UnpackResult[]> {
  const registry = await serveRegistry(bench.image);
  try {
    return await withDisk(bench, async (disk) => {
      const results: UnpackResult[] = [];
      let usual = '';
      for (const [number, way] of ways.entries()) {
        bench.tell(`${way.by}, ${way.setting}`);
        const cri = registryTables(bench, registry.host, ...(way.imageKeys ?? []));
        const file = config(bench, ['volatile'], ...cri, ...(way.tables ?? []));
        const root = join(disk, String(number));
        const log = await withContainerd(bench.programs, file, root, async (daemon) => {
          let refused: string | null = null;
          const calls = await watch(daemon.pid, join(bench.folder, 'strace'), async () => {
            refused = await wordsOf(way.unpack(daemon, bench, registry.host));
          });
          results.push({
            by: way.by,
            setting: way.setting,
            file: file.replaceAll(registry.host, '127.0.0.1:PORT'),
            layers: bench.image.layers.length,
            overlayMounts: mountsOf(calls, 'overlay').length,
            bindMounts: mountsOf(calls, 'bind').length,
            syncfs: calls.filter(({ name }) => name === 'syncfs').length,
            sync: calls.filter(({ name }) => name === 'sync').length,
            says: complaintsBeyond(daemon.log, usual),
            refused,
          });
          return daemon.log;
        });
        // The first way is the one without any setting.
        if (number === 0) {
          usual = log;
          results[0] = { ...(results[0] as UnpackResult), says: [] };
        }
      }
      return results;
    });
  } finally {
    await registry.close();
  }
}

/** Why it failed, in the program's words; null where it did not. */
async function wordsOf(work: Promise<void>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof CriError || error instanceof CtrError) return error.message;
    throw error;
  }
}
