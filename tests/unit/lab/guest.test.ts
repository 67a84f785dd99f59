import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseWord, tail } from '../../../lab/console.ts';
import { cpio } from '../../../lab/cpio.ts';
import { parseProbes, parseSurvivors } from '../../../lab/probes.ts';
import { minutes, Progress } from '../../../lab/progress.ts';

describe('the console', () => {
  test('says what the guest does', () => {
    expect(
      [
        'LAB up 2.13 6.12.117+deb13-cloud-amd64\r',
        'LAB run 3 42 umount-64-plain',
        'LAB failed umount-64-plain mount -t overlay: Invalid argument',
        'LAB broken the disk cannot be mounted as xfs',
        'LAB cut power-cut-fsync-plain',
        'LAB end',
        '[    1.0] Run /init as init process',
      ].map(parseWord),
    ).toEqual([
      { kind: 'up', seconds: 2.13, release: '6.12.117+deb13-cloud-amd64' },
      { kind: 'run', number: 3, of: 42, name: 'umount-64-plain' },
      { kind: 'failed', name: 'umount-64-plain', reason: 'mount -t overlay: Invalid argument' },
      { kind: 'broken', reason: 'the disk cannot be mounted as xfs' },
      { kind: 'cut', name: 'power-cut-fsync-plain' },
      { kind: 'end' },
      undefined,
    ]);
  });

  test('is shown by its last lines', () => {
    expect(tail('a\r\n\r\nb\nc\n', 2)).toBe('    b\n    c');
  });
});

test('the archive of the first root holds what was put in', () => {
  const archive = cpio([
    { path: 'bin', kind: 'folder' },
    { path: 'bin/tool', kind: 'file', mode: 0o755, data: Buffer.from('hello') },
    { path: 'sh', kind: 'link', data: Buffer.from('bin/tool') },
  ]);
  expect(archive.length % 512).toBe(0);
  const read: [string, string, string][] = [];
  let at = 0;
  for (;;) {
    const field = (index: number) =>
      parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const name = archive.toString('utf8', at + 110, at + 110 + field(11) - 1);
    const data = at + Math.ceil((110 + field(11)) / 4) * 4;
    if (name === 'TRAILER!!!') break;
    read.push([name, field(1).toString(8), archive.toString('utf8', data, data + field(6))]);
    at = Math.ceil((data + field(6)) / 4) * 4;
  }
  expect(read).toEqual([
    ['bin', '40755', ''],
    ['bin/tool', '100755', 'hello'],
    ['sh', '120755', 'bin/tool'],
  ]);
});

describe('probes', () => {
  const TEXT = `## fsync=bogus
$ mount -o fsync=bogus /mnt/m
status 255
out mount: mounting overlay failed: Invalid argument
out
dmesg overlay: Bad value for 'fsync'
## plain
$ true
status 0
`;

  test('are read line by line', () => {
    expect(parseProbes(TEXT, 'options.probes')).toEqual([
      {
        label: 'fsync=bogus',
        command: 'mount -o fsync=bogus /mnt/m',
        status: 255,
        out: ['mount: mounting overlay failed: Invalid argument', ''],
        dmesg: ["overlay: Bad value for 'fsync'"],
      },
      { label: 'plain', command: 'true', status: 0, out: [], dmesg: [] },
    ]);
  });

  test.each(['status 0\n', '## x\nnonsense\n'])('refuse %j by file and line', (text) => {
    expect(() => parseProbes(text, 'x.probes')).toThrow(/^x\.probes:\d: not a line of a probe/);
  });
});

describe('progress', () => {
  test('says which, how far, and how long still, at the pace seen so far', () => {
    let now = 0;
    const progress = new Progress(100, () => now);
    expect(progress.line('6.12 ext4', 1, 12, 'umount-64-plain')).toBe(
      '6.12 ext4   1/12  umount-64-plain  0:00 gone, about 1:40 left',
    );
    now = 30_000;
    progress.finish(20);
    expect(progress.line('6.12 ext4', 2, 12, 'fsync-64-plain')).toBe(
      '6.12 ext4   2/12  fsync-64-plain  0:30 gone, about 2:00 left',
    );
  });

  test('never promises less than nothing', () => {
    const progress = new Progress(10, () => 0);
    progress.finish(30);
    expect(progress.line('x', 1, 1, 'y')).toContain('about 0:00 left');
    expect([minutes(65), minutes(3599.6)]).toEqual(['1:05', '60:00']);
  });
});

test("the guest's first process is shell without mistakes", () => {
  const { status, stderr } = spawnSync('sh', ['-n', 'lab/guest/init'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

describe('what a power cut has left', () => {
  test('is read, a file that is gone too', () => {
    expect(parseSurvivors('before 4 4 4\nwritten 16 none 0\n', 'x')).toEqual([
      { file: 'before', bytes: 4, length: 4, intact: 4 },
      { file: 'written', bytes: 16, length: null, intact: 0 },
    ]);
  });

  test('is refused by its line where it is something else', () => {
    expect(() => parseSurvivors('before 4 4 4\nwritten 16\n', 'x.survivors')).toThrow(
      'x.survivors:2: not what is left of a file: written 16',
    );
  });
});
