import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseOptions } from '../../../lab/options.ts';
import { examinationText, planText, quote, runsOf } from '../../../lab/plan.ts';
import { SCENARIOS, type Scenario } from '../../../lab/scenarios/index.ts';
import { TRACED } from '../../../lab/traced-functions.ts';
import { layerOf } from '../../../src/recording/layers.ts';

const CONDITIONS = { filesystem: 'ext4', dirtyMiB: 64, rate: 20 };
const named = (name: string): Scenario[] => SCENARIOS.filter((each) => each.name === name);

describe('the plan', () => {
  test('prepares, and ends each run with one operation', () => {
    const [plain, volatile] = runsOf(named('umount'), CONDITIONS);
    expect(plain?.name).toBe('umount-64-plain');
    expect(plain?.commands).toEqual([
      'sysctl -w vm.dirty_writeback_centisecs=0 vm.dirty_ratio=90 vm.dirty_background_ratio=80',
      'mount -t overlay overlay -o lowerdir=/mnt/d/low,upperdir=/mnt/d/up,workdir=/mnt/d/work /mnt/m',
      'recorder fill /mnt/m/f 64',
      'recorder run /out umount-64-plain umount /mnt/m',
    ]);
    expect(volatile?.name).toBe('umount-64-volatile');
    expect(volatile?.commands[1]).toContain('workdir=/mnt/d/work,volatile /mnt/m');
    expect(plain?.expected).toBeGreaterThan(volatile?.expected ?? Infinity);
  });

  test('dirties a neighbour where the overlay is to be clean', () => {
    const [run] = runsOf(named('umount-clean-shallow-queue'), CONDITIONS);
    expect(run?.commands[0]).toBe('queue 8 256');
    expect(run?.commands).toContain('recorder fill /mnt/d/other/f 64');
    expect(run?.recorded).toMatchObject({ dirtyIn: 'neighbour', dirtyMiB: 64 });
  });

  test('takes the chosen size, and has another rate in the name', () => {
    const runs = runsOf(named('fsync'), { filesystem: 'xfs', dirtyMiB: 8, rate: 2.5 });
    expect(runs.map(({ name }) => name)).toEqual([
      'fsync-8-at-2-5-mbs-plain',
      'fsync-8-at-2-5-mbs-volatile',
    ]);
  });

  test('leaves out what a file system or a kernel does not have', () => {
    const names = (filesystem: string, series: string) =>
      runsOf(
        named('copy-up-reflink').concat(named('copy-up-directory-strict')),
        { ...CONDITIONS, filesystem },
        series,
      ).map(({ name }) => name);
    expect(names('ext4', '5.10')).toEqual([]);
    expect(names('xfs', '6.1')).toEqual([
      'copy-up-reflink-16-plain',
      'copy-up-reflink-16-volatile',
    ]);
    expect(names('ext4', '6.12')).toEqual([
      'copy-up-directory-strict-plain',
      'copy-up-directory-strict-volatile',
    ]);
  });

  test('cuts the power, and reads the copies in the order of their disks', () => {
    const runs = runsOf(named('power-cut-fsync'), CONDITIONS);
    expect(runs[1]?.commands.slice(1)).toEqual([
      'mount -t overlay overlay -o lowerdir=/mnt/d/low,upperdir=/mnt/d/up,workdir=/mnt/d/work,volatile /mnt/m',
      'recorder fill /mnt/m/before 4',
      'sync',
      'recorder fill /mnt/m/written 16',
      'recorder do fsync /mnt/m/written',
      'cut',
    ]);
    const text = examinationText('xfs', runs);
    expect(text.split('\n').map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'boot_files',
      "survivors 'power-cut-fsync-plain' /dev/vda xfs",
      "survivors 'power-cut-fsync-volatile' /dev/vdc xfs",
      '',
    ]);
    expect(text).toContain(' before 4 written 16\n');
    expect(spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('');
  });

  test('is text that a shell reads, whatever the scenarios hold', () => {
    const text = planText('ext4', runsOf(SCENARIOS, CONDITIONS));
    expect(text.startsWith('disk ext4\nbegin 1 ')).toBe(true);
    expect(text).toContain("probe 'fsync=bogus' ");
    const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('quotes for the shell', () => {
    const words = ["it's", '$HOME `x`', 'a b'];
    const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${words.map(quote).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${words.join('|')}|`);
  });
});

describe('the scenarios', () => {
  test('give every run a name of its own, in the form of an id', () => {
    const names = runsOf(SCENARIOS, CONDITIONS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(SCENARIOS.map(({ name }) => name)).toEqual([
      ...new Set(SCENARIOS.map(({ name }) => name)),
    ]);
  });

  test('trace functions whose layer is known, each named once', () => {
    expect(TRACED.filter((fn) => layerOf(fn) === undefined)).toEqual([]);
    expect(new Set(TRACED).size).toBe(TRACED.length);
  });
});

describe('the command line', () => {
  test('chooses', () => {
    const options = parseOptions(
      '--kernel 6.12,forky --scenario umount,fsync* --filesystem xfs,ext4 --dirty 8 --rate 4'.split(
        ' ',
      ),
    );
    expect(options).toMatchObject({
      kernels: ['6.12', 'forky'],
      filesystems: ['ext4', 'xfs'],
      dirtyMiB: 8,
      rate: 4,
      missing: false,
    });
    expect(options.scenarios.map(({ name }) => name)).toEqual(['umount', 'fsync', 'fsync-dir']);
  });

  test('means everything on ext4 where nothing is chosen', () => {
    const options = parseOptions([]);
    expect(options.scenarios).toHaveLength(SCENARIOS.length);
    expect(options).toMatchObject({ kernels: [], filesystems: ['ext4'], dirtyMiB: 64, rate: 20 });
  });

  test.each([
    ['--scenario umount,nope', 'Unknown scenario nope'],
    ['--filesystem zfs', 'Unknown file system zfs'],
    ['--dirty 0', '--dirty 0 is not'],
    ['--dirty 99999', '--dirty 99999 is not'],
    ['--rate 1e9', '--rate 1e9 is not'],
    ['--rate 0', '--rate 0 is not'],
    ['--sideways', "Unknown option '--sideways'"],
  ])('refuses %s in one line', (line, message) => {
    expect(() => parseOptions(line.split(' '))).toThrow(message);
  });
});
