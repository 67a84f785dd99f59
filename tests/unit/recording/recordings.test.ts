import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runsOf } from '../../../lab/plan.ts';
import { SCENARIOS as LAB } from '../../../lab/scenarios/index.ts';
import { main } from '../../../src/recording/import.node.ts';
import { layerOf } from '../../../src/recording/layers.ts';
import { loadRecordings, RECORDINGS } from '../../../src/recording/load.ts';
import { parseTrace } from '../../../src/recording/parse-trace.ts';
import { printRecording } from '../../../src/recording/print.ts';
import { byId, compareSeries, pairs, select } from '../../../src/recording/queries.ts';
import { parseFrame } from '../../../src/recording/stack-alignment.ts';
import { findByName, walk } from '../../../src/recording/tree.ts';
import type { Recording } from '../../../src/recording/types.ts';
import { contradictions, validateRecording } from '../../../src/recording/validate.ts';

// Reading them validates them: shape, names, and that their numbers agree with each other.
const recordings = await loadRecordings();
const get = (id: string): Recording => {
  const found = byId(recordings, id);
  if (found === undefined) throw new Error(`no recording ${id}`);
  return found;
};

const UPPER_SYNC =
  /^task_work_run(?:#\d)?\/__cleanup_mnt\/cleanup_mnt\/deactivate_super\/deactivate_locked_super\/kill_anon_super\/generic_shutdown_super\/sync_filesystem\/ovl_sync_fs#2\/sync_filesystem$/;

const KERNELS = ['5.10', '6.1', '6.12', '7.2', '7.3'];
const FILESYSTEMS = ['ext4', 'xfs', 'btrfs'];

describe('the committed recordings', () => {
  test.each(KERNELS.flatMap((series) => FILESYSTEMS.map((filesystem) => [series, filesystem])))(
    'are the whole plan of the lab: %s on %s',
    (series = '', filesystem = '') => {
      const planned = runsOf(LAB, { filesystem, dirtyMiB: 64, rate: 20 }, series)
        .filter(({ scenario }) => scenario.kind === 'recorded' && scenario.leftOut === undefined)
        .map(({ name }) => `${series}-${filesystem}-${name}`);
      expect(
        select(recordings, { series, filesystem })
          .map(({ id }) => id)
          .sort(),
      ).toEqual(planned.sort());
    },
  );

  test('say where and when they were made, and what the disk did', () => {
    for (const { id, device, provenance, kernel } of recordings) {
      expect([id, device === undefined, provenance.recordedAt === undefined]).toEqual([
        id,
        false,
        false,
      ]);
      expect(provenance.recordedBy).toContain(`npm run lab -- --kernel ${kernel.series} `);
      expect(provenance.commandLine).toContain('tsc_early_khz=');
    }
  });

  test('are as the importer prints them, and small', async () => {
    for (const recording of recordings) {
      const text = await readFile(path.join(RECORDINGS, `${recording.id}.json`), 'utf8');
      expect(printRecording(recording)).toBe(text);
      expect(text.length).toBeLessThan(20_000);
    }
  });

  test('have a layer for every call and every stack frame', () => {
    const unknown = recordings.flatMap(({ id, calls, stacks }) => [
      ...[...walk({ calls })]
        .filter(({ call }) => layerOf(call.fn, call.module) !== call.layer)
        .map(({ path: where }) => `${id}: ${where}`),
      ...stacks
        .flat()
        .map(parseFrame)
        .filter(({ name, module }) => layerOf(name, module) === undefined)
        .map(({ printed }) => `${id}: ${printed}`),
    ]);
    expect(unknown).toEqual([]);
  });

  test.each(
    pairs(recordings).filter(
      ({ plain }) =>
        plain.operation === 'umount' && plain.calls.length > 0 && plain.before.dirtyKiB > 1024,
    ),
  )(
    '$plain.id syncs the upper file system, its volatile twin never does',
    ({ plain, volatile }) => {
      const upper = findByName(plain, 'sync_filesystem').find(
        ({ call }) => call.superblock === 'upper',
      );
      expect(upper?.path).toMatch(UPPER_SYNC);
      expect((upper?.call.seconds ?? 0) / plain.seconds).toBeGreaterThan(0.99);
      expect(findByName(plain, 'sync_filesystem').map(({ call }) => call.superblock)).toEqual([
        'overlay',
        'upper',
      ]);

      expect(findByName(volatile, 'sync_filesystem').map(({ call }) => call.superblock)).toEqual([
        'overlay',
      ]);
      expect(findByName(volatile, 'ovl_sync_fs')).toHaveLength(2);
      // Only the references that the overlay's private mounts held are dropped.
      const touched = [...walk(volatile)].filter(({ call }) => call.superblock === 'upper');
      expect(new Set(touched.map(({ call }) => call.fn))).toEqual(new Set(['deactivate_super']));
      expect(volatile.seconds).toBeLessThan(plain.seconds / 100);
      expect(volatile.after.dirtyKiB).toBe(volatile.before.dirtyKiB);
      expect(plain.after.dirtyKiB).toBeLessThan(64);
    },
  );

  test('the shallow queue waits in wb_wait_for_completion from beginning to end', () => {
    for (const { series } of pairs(recordings, { scenario: 'umount-256-shallow-queue' })) {
      const { seconds, samples, stacks, parameters } = get(
        `${series}-ext4-umount-256-shallow-queue-plain`,
      );
      expect(parameters.queue).toEqual({ requests: 8, maxSectorsKiB: 256 });
      const leaves = samples.flatMap(
        ({ stack }) => parseFrame(stacks[stack ?? -1]?.[0] ?? '').name || [],
      );
      const waiting = leaves.filter((leaf) => leaf === 'wb_wait_for_completion');
      expect(waiting.length).toBeGreaterThan(0.9 * leaves.length);
      expect(seconds).toBeGreaterThan(13);
    }
  });

  test('sync visits many superblocks and works on one of them', () => {
    for (const recording of select(recordings, { operation: 'sync' })) {
      const visits = findByName(recording, 'sync_inodes_one_sb');
      expect(visits.length).toBeGreaterThan(20);
      expect(visits.filter(({ call }) => call.superblock === 'upper')).toHaveLength(1);
    }
  });

  test('the late stamp of a first entry is moved and noted', () => {
    const moved = recordings.filter(({ calls, provenance }) =>
      provenance.notes.some((note) => note.startsWith(`${calls[0]?.fn ?? ''} (`)),
    );
    expect(moved.length).toBeGreaterThan(0);
    for (const { calls, provenance } of moved) {
      expect(calls[0]?.start).toBeLessThan(0.001);
      expect(provenance.notes[0]).toMatch(/entry stamped late, start moved \d+ us earlier/);
    }
  });

  test('of another boot: a stray task work before the operation is not part of it', () => {
    const { calls } = get('6.12-ext4-umount-64-plain');
    expect(calls.map(({ fn }) => fn)).toEqual(['__x64_sys_umount', 'task_work_run']);
  });
});

describe('validation', () => {
  const good = get('6.12-ext4-umount-64-plain');
  const changed = (change: (recording: Recording) => void): Recording => {
    const copy = structuredClone(good);
    change(copy);
    return copy;
  };

  test.each<[string, (recording: Recording) => void, string]>([
    [
      'an id that is not its parts',
      (r) => {
        r.volatile = true;
      },
      'id is 6.12-ext4-umount-64-plain',
    ],
    [
      'a kernel of another series',
      (r) => {
        r.kernel.version = '6.1.192';
      },
      'is not of series 6.12',
    ],
    [
      'a child outside its parent',
      (r) => {
        const c = r.calls[0]?.calls?.[0];
        if (c) c.seconds = 9;
      },
      '__x64_sys_umount/path_umount ends after',
    ],
    [
      'a root outside the operation',
      (r) => {
        r.seconds = 1;
      },
      'task_work_run ends after',
    ],
    [
      'siblings that overlap',
      (r) => {
        const c = r.calls[1];
        if (c) c.start = 0;
      },
      'task_work_run begins before',
    ],
    [
      'samples out of order',
      (r) => {
        const s = r.samples[2];
        if (s) s.t = 3;
      },
      'sample 3 is before',
    ],
    [
      'a last sample at another time',
      (r) => {
        const s = r.samples.at(-1);
        if (s) s.t = 3.3;
      },
      'the last sample is at 3.3',
    ],
    [
      'memory that disagrees',
      (r) => {
        r.after.dirtyKiB = 1;
      },
      'the last sample differs from after',
    ],
    [
      'a stack that is missing',
      (r) => {
        r.stacks = [];
      },
      'which is missing',
    ],
    [
      'a stack that nothing names',
      (r) => {
        r.stacks.push(['[<0>] a+0x1/0x2']);
      },
      'is in no sample',
    ],
    [
      'no samples',
      (r) => {
        r.samples = [];
      },
      'fewer than two samples',
    ],
  ])('finds %s', (_, change, message) => {
    const bad = changed(change);
    expect(contradictions(bad).join('\n')).toContain(message);
    expect(() => validateRecording(bad, 'x.json')).toThrow(/^x\.json: /);
  });

  test.each<[string, (recording: Recording) => void, string]>([
    [
      'an unknown layer',
      (r) => {
        Object.assign(r.calls[0] ?? {}, { layer: 'disk' });
      },
      'calls.0.layer',
    ],
    [
      'a field too many',
      (r) => {
        Object.assign(r, { draft: true });
      },
      'Unrecognized key: "draft"',
    ],
    [
      'a time that is no number',
      (r) => {
        Object.assign(r.calls[1]?.calls?.[0] ?? {}, { start: '0' });
      },
      'calls.1.calls.0.start',
    ],
  ])('refuses %s', (_, change, message) => {
    expect(() => validateRecording(changed(change), 'x.json')).toThrow(message);
  });

  test('accepts what is committed', () => {
    expect(validateRecording(structuredClone(good), 'x.json')).toEqual(good);
  });
});

test('kernel series are in order of their numbers', () => {
  expect(['7.2', '6.12', '5.10', '6.1'].sort(compareSeries)).toEqual([
    '5.10',
    '6.1',
    '6.12',
    '7.2',
  ]);
});

const RAW = fileURLToPath(new URL('../../../../shared/recordings', import.meta.url));

describe.skipIf(!existsSync(RAW))(
  'the raw files (skipped where ../shared/recordings is absent)',
  () => {
    // They were made by hand before the lab was there; the lab has made the same runs again.
    test('are read, and wait where the lab’s own recordings wait', async () => {
      const target = await mkdtemp(path.join(tmpdir(), 'recordings-'));
      try {
        const errors: string[] = [];
        const status = await main(
          [RAW, '--to', target],
          () => undefined,
          (line) => errors.push(line),
        );
        expect({ status, errors }).toEqual({ status: 0, errors: [] });
        const byHand = await loadRecordings(target);
        expect(byHand.length).toBeGreaterThan(100);
        for (const { id, operation, seconds } of byHand) {
          const committed = get(id);
          expect([id, operation, seconds > 0.1]).toEqual([
            id,
            committed.operation,
            committed.seconds > 0.1,
          ]);
        }
      } finally {
        await rm(target, { recursive: true, force: true });
      }
    });

    test('all parse, and cut off at any line they parse or are refused with a line', async () => {
      const boots = (await readdir(RAW)).filter((name) => name.startsWith('qemu-'));
      let traces = 0;
      for (const boot of boots) {
        const names = (await readdir(path.join(RAW, boot))).filter((name) =>
          name.endsWith('.trace'),
        );
        for (const name of names) {
          const text = await readFile(path.join(RAW, boot, name), 'utf8');
          // The one trace that was stopped inside the recorder's own write.
          const open = boot === 'qemu-forky' && name === 'copyup-plain.trace';
          const rows = (parsed: ReturnType<typeof parseTrace>): number =>
            parsed.reduce(
              (sum, call) => sum + (call.exit === undefined ? 1 : 2) + rows(call.calls),
              0,
            );
          const calls = parseTrace(text, name, { mayStayOpenAfter: open ? 28.540687e9 : Infinity });
          expect(rows(calls)).toBe(text.split('\n').filter((line) => /^ *\d/.test(line)).length);
          traces += 1;
          if (text.length > 10_000) continue;
          const lines = text.split('\n');
          for (let kept = 0; kept < lines.length; kept += 7) {
            try {
              parseTrace(lines.slice(0, kept).join('\n'), name);
            } catch (error) {
              expect(error).toMatchObject({ name: 'RecordingError' });
            }
          }
        }
      }
      expect(traces).toBeGreaterThan(150);
    });
  },
);
