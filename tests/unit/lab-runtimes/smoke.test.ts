import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  closing,
  kernelChecks,
  lineOf,
  runtimeChecks,
  storageChecks,
  type RuntimeSeen,
} from '../../../lab/smoke/checks.ts';
import type { Measured, RecordedRun } from '../../../src/evidence/measured.ts';

const WHAT = { series: '6.12', filesystem: 'ext4', scenarios: ['umount'] };

/** A run of umount, as far as the checks look at it. */
function run(variant: 'plain' | 'volatile', flushes: number): RecordedRun {
  const id = `6.12-ext4-umount-64-${variant}`;
  const about = { kind: 'recorded', id, scenario: 'umount-64', chosenBy: 'umount' };
  const of = { filesystem: 'ext4', kernel: { series: '6.12' }, volatile: variant === 'volatile' };
  return { ...about, ...of, seconds: 1, flushes, writes: 0 } as never;
}
const measured = (plain: number, volatile: number): Measured => ({
  schema: 1,
  runs: [run('plain', plain), run('volatile', volatile)],
});
const NOTHING: Measured = { schema: 1, runs: [] };
const outcomes = (fresh: Measured, committed = NOTHING) =>
  kernelChecks(fresh, committed, WHAT).map(({ outcome }) => outcome);

describe('the kernel part', () => {
  test('passes where volatile skips the operation, as in the committed evidence', () => {
    expect(outcomes(measured(3, 0), measured(2, 0))).toEqual(['passed', 'passed']);
  });

  test('fails where volatile skips nothing, and where the committed evidence says otherwise', () => {
    expect(outcomes(measured(3, 3), measured(3, 3))).toEqual(['failed', 'passed']);
    expect(outcomes(measured(3, 0), measured(3, 3))).toEqual(['passed', 'failed']);
  });

  test('fails where nothing was measured, and skips what has no counterpart', () => {
    expect(outcomes({ schema: 1, runs: [run('plain', 3)] })).toEqual(['failed']);
    expect(outcomes(measured(3, 0))).toEqual(['passed', 'skipped']);
  });
});

describe('the runtime part', () => {
  const seen: RuntimeSeen = {
    version: '2.1.9',
    file: 'the generated file',
    wanted: true,
    complaints: [],
    mounts: 'overlay / overlay rw,lowerdir=/a,fsync=volatile 0 0\n',
    refused: null,
  };
  const of = (other: Partial<RuntimeSeen>) =>
    runtimeChecks({ ...seen, ...other }).map(({ outcome }) => outcome);

  test('passes where a container sees the option, in either spelling', () => {
    expect(of({})).toEqual(['passed', 'passed']);
    expect(of({ mounts: 'overlay / overlay rw,volatile 0 0' })).toEqual(['passed', 'passed']);
  });

  test('fails where it does not', () => {
    expect(of({ mounts: 'overlay / overlay rw 0 0' })).toEqual(['passed', 'failed']);
    expect(of({ mounts: '' })).toEqual(['passed', 'failed']);
    expect(of({ refused: 'invalid argument' })).toEqual(['failed']);
  });

  test('where the version does not know the option, passes without it and fails with it', () => {
    const plain = { wanted: false, mounts: 'overlay / overlay rw 0 0' };
    expect(of(plain)).toEqual(['passed', 'passed']);
    expect(of({ wanted: false })).toEqual(['passed', 'failed']);
    expect(of({ ...plain, mounts: '' })).toEqual(['passed', 'failed']);
  });

  test('podman and buildah: passes where it is on, and off by the file alone', () => {
    const storage = (optedOut: boolean, options: string[] | null) =>
      storageChecks([{ by: 'podman run --rm', optedOut, options }])[0]?.outcome;
    expect(storage(false, ['rw', 'volatile'])).toBe('passed');
    expect(storage(true, ['rw'])).toBe('passed');
    expect(storage(false, ['rw'])).toBe('failed');
    expect(storage(true, ['rw', 'fsync=volatile'])).toBe('failed');
    expect(storage(true, null)).toBe('failed');
  });

  test('fails where the file is complained of, unless by the warning that it brings on purpose', () => {
    expect(of({ complaints: ['level=warning msg="Ignoring unknown key"'] })[0]).toBe('failed');
    const falls = `level=warning msg="Found 'ImagePullWithSyncFs' in CRI config which is …"`;
    expect(of({ complaints: [falls] })[0]).toBe('passed');
  });
});

test('the closing line counts, and names skips only where there are some', () => {
  const [passed, skipped] = kernelChecks(measured(3, 0), NOTHING, WHAT);
  if (passed === undefined || skipped === undefined) throw new Error('two checks are expected');
  expect(closing([passed])).toBe('1 passed, 0 failed');
  expect(closing([passed, skipped])).toBe('1 passed, 0 failed, 1 skipped');
  expect(lineOf(passed)).toBe(
    'passed  6.12 ext4 umount: volatile skips it (skipped; plain 1.0000 s, 3 flushes and 0 writes, volatile 1.0000 s, 0 flushes and 0 writes)',
  );
});

describe('the command', () => {
  const smoke = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    spawnSync(
      process.execPath,
      [fileURLToPath(new URL('../../../lab/smoke.ts', import.meta.url)), ...args],
      { encoding: 'utf8', env: { ...process.env, ...env } },
    );

  test('says plainly that it skips, and why, where it cannot run', () => {
    const { status, stdout } = smoke([], { PATH: '/nowhere' });
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^lab:smoke skipped: it (needs|takes) .+\n0 passed, 0 failed, 2 skipped\n$/,
    );
  });

  test('refuses a part that it does not know', () => {
    const { status, stderr } = smoke(['--only', 'other']);
    expect(status).toBe(2);
    expect(stderr).toContain('unknown part "other"; known: kernel, runtime');
  });
});
