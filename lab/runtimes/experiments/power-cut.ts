/** What is left of an image's layers when the power is cut at a bad moment. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileState, PowerCutResult } from '../../../src/evidence/runtime-behaviour.ts';
import { config, registryTables, withDisk, type Bench } from '../bench.ts';
import { withContainerd } from '../containerd.ts';
import { pullImage } from '../cri.ts';
import { SNAPSHOTTER } from '../forms.ts';
import { stateOf } from '../disk.ts';
import type { LayerFile } from '../image.ts';
import { serveRegistry } from '../registry.ts';

interface Case {
  options: string[];
  syncOnPull: boolean;
  run: boolean;
}

const cases: readonly Case[] = [
  { options: [], syncOnPull: false, run: false },
  { options: [], syncOnPull: false, run: true },
  { options: ['volatile'], syncOnPull: false, run: false },
  { options: ['volatile'], syncOnPull: false, run: true },
  { options: [], syncOnPull: true, run: false },
  { options: [], syncOnPull: true, run: true },
  { options: ['volatile'], syncOnPull: true, run: false },
  { options: ['volatile'], syncOnPull: true, run: true },
];

export async function tryPowerCut(bench: Bench): Promise<PowerCutResult[]> {
  const registry = await serveRegistry(bench.image);
  try {
    const results: PowerCutResult[] = [];
    for (const one of cases) results.push(await cutPower(bench, one, registry.host));
    return results;
  } finally {
    await registry.close();
  }
}

function cutPower(bench: Bench, one: Case, host: string): Promise<PowerCutResult> {
  const { options, syncOnPull, run } = one;
  const after = run ? 'pull, run and stop' : 'pull';
  bench.tell(`power cut after ${after}, [${options.join()}]${syncOnPull ? ', sync on pull' : ''}`);
  const name = `${host}/lab/tiny:1`;
  const keys = syncOnPull ? ['image_pull_with_sync_fs = true'] : [];
  const file = config(bench, options, ...registryTables(bench, host, ...keys));
  return withDisk(bench, (root, disk) =>
    withContainerd(bench.programs, file, root, async (daemon) => {
      const began = performance.now();
      await pullImage(daemon.socket, name);
      if (run) await daemon.must('--namespace', 'k8s.io', 'run', '--rm', name, 'stopped', 'echo');
      const result = await disk.afterPowerCut(async (place) => {
        const seconds = Math.round((performance.now() - began) / 100) / 10;
        await daemon.stop();
        const left = join(place, 'root');
        const layers = bench.image.layers.map((layer) => stateOfLayer(left, layer.file));
        const [committed, runs] = await withContainerd(bench.programs, file, left, async (next) => {
          const listed = await next.must('--namespace', 'k8s.io', 'snapshots', 'ls');
          const started = await next.ctr(
            ...['--namespace', 'k8s.io', 'run', '--rm', name, 'next', 'echo', 'started'],
          );
          return [
            listed.split('\n').filter((line) => line.trim().endsWith('Committed')).length,
            started.stdout.includes('started'),
          ] as const;
        });
        return { layers, seconds, committed, runs };
      });
      return { options, syncOnPull, after, ...result };
    }),
  );
}

function stateOfLayer(root: string, file: LayerFile): FileState {
  const found = globSync(join(root, SNAPSHOTTER, 'snapshots/*/fs', file.path));
  return stateOf(
    found.map((path) => readFileSync(path)),
    file.sha256,
  );
}
