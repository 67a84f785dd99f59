import { describe, expect, test } from 'vitest';
import { readCounters, stateOf } from '../../../lab/runtimes/disk.ts';
import { sha256 } from '../../../lab/runtimes/image.ts';
import { messageOf } from '../../../lab/runtimes/kernel-log.ts';
import {
  isVolatile,
  mountAt,
  parseMountCommand,
  withoutDirectories,
} from '../../../lab/runtimes/mounts.ts';
import { mountsOf, parseStrace } from '../../../lab/runtimes/strace.ts';
import { complaints, complaintsBeyond, lineOf, undated } from '../../../lab/runtimes/words.ts';

describe('mounts', () => {
  test('the command that ctr prints, options in front or at the end', () => {
    const printed = (options: string): string => `mount -t overlay overlay /target -o ${options}\n`;
    expect(
      parseMountCommand(printed('volatile,index=off,workdir=/w,upperdir=/u,lowerdir=/l')),
    ).toEqual({ type: 'overlay', options: ['volatile', 'index=off'] });
    expect(
      parseMountCommand(printed('workdir=/w,upperdir=/u,lowerdir=/b:/a,volatile,index=off')),
    ).toEqual({ type: 'overlay', options: ['volatile', 'index=off'] });
    expect(parseMountCommand('mount -t bind /snapshots/5/fs /target -o rw,rbind\n')).toEqual({
      type: 'bind',
      options: ['rw', 'rbind'],
    });
    expect(() => parseMountCommand('ctr: not found')).toThrow('not a mount command');
  });

  test('the last mount at a place is the one in effect', () => {
    const text = [
      'rootfs / rootfs rw 0 0',
      'overlay / overlay rw,relatime,lowerdir=/l,upperdir=/u,workdir=/w,uuid=on,fsync=volatile 0 0',
      'proc /proc proc rw 0 0',
    ].join('\n');
    expect(mountAt(text, '/')).toEqual({
      type: 'overlay',
      options: ['rw', 'relatime', 'uuid=on', 'fsync=volatile'],
    });
    expect(mountAt(text, '/nowhere')).toBeUndefined();
  });

  test('either spelling counts, a misspelt one does not', () => {
    expect(isVolatile(['rw', 'volatile'])).toBe(true);
    expect(isVolatile(['rw', 'fsync=volatile'])).toBe(true);
    expect(isVolatile(['rw', 'volatil', 'fsync=strict'])).toBe(false);
    expect(withoutDirectories(['lowerdir=/a:/b', 'index=off'])).toEqual(['index=off']);
  });
});

describe('strace', () => {
  const trace = [
    '1790000000.000100 mount("/disk/snapshots/1/fs", "/tmp/containerd-mount1", 0xc0001, MS_BIND|MS_REC, NULL) = 0',
    '1790000000.000200 mount("overlay", "/state/c1/rootfs", "overlay", 0, "volatile,index=off,workdir=/w,upperdir=/u,lowerdir=/l") = 0',
    '1790000000.000300 mount("overlay", "/state/c2/rootfs", "overlay", 0, "volatil,workdir=/w") = -1 EINVAL (Invalid argument)',
    '1790000000.000400 mount("/a", "/b", NULL, MS_RDONLY|MS_REMOUNT|MS_BIND, NULL) = 0',
    '1790000000.000500 syncfs(16</disk/snapshots/1/fs>)  = 0',
    '1790000000.000600 +++ exited with 0 +++',
    '',
  ].join('\n');

  test('reads calls with their arguments and results', () => {
    const calls = parseStrace(trace);
    expect(calls).toHaveLength(5);
    expect(calls[1]).toEqual({
      at: 1790000000.0002,
      name: 'mount',
      args: [
        '"overlay"',
        '"/state/c1/rootfs"',
        '"overlay"',
        '0',
        '"volatile,index=off,workdir=/w,upperdir=/u,lowerdir=/l"',
      ],
      result: '0',
    });
    expect(calls.at(-1)?.args).toEqual(['16</disk/snapshots/1/fs>']);
  });

  test('counts mounts that were made, and no remounts', () => {
    expect(mountsOf(parseStrace(trace), 'overlay')).toHaveLength(1);
    expect(mountsOf(parseStrace(trace), 'bind')).toHaveLength(1);
  });

  test('a mount made by the newer calls counts once', () => {
    const calls = parseStrace(
      [
        '1.1 fsopen("overlay", FSOPEN_CLOEXEC) = 9<anon_inode:[fscontext]>',
        '1.2 fsconfig(9<anon_inode:[fscontext]>, FSCONFIG_SET_FLAG, "volatile", NULL, 0) = 0',
        '1.3 fsconfig(9<anon_inode:[fscontext]>, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0',
      ].join('\n'),
    );
    expect(mountsOf(calls, 'overlay')).toHaveLength(1);
  });
});

describe('words', () => {
  const log = [
    'time="2026-01-02T03:04:05Z" level=info msg="loading plugin" type=io.containerd.grpc.v1',
    'time="2026-01-02T03:04:05Z" level=warning msg="Ignoring unknown key" key=mount_option t="3.725µs"',
    'time="2026-01-02T03:04:06Z" level=error msg="failed to load cni"',
    'containerd: failed to load TOML: unsupported config version `3`',
  ].join('\n');

  test('complaints are warnings, errors and last words, without dates and durations', () => {
    expect(complaints(log)).toEqual([
      'level=warning msg="Ignoring unknown key" key=mount_option',
      'level=error msg="failed to load cni"',
      'containerd: failed to load TOML: unsupported config version `3`',
    ]);
  });

  test('what a correct file brings as well is no complaint about this one', () => {
    const usual = 'time="2026-05-05T05:05:05Z" level=error msg="failed to load cni"';
    expect(complaintsBeyond(log, usual)).toHaveLength(2);
    expect(complaintsBeyond(usual, usual)).toEqual([]);
  });

  test('a port that is another one each time has no number', () => {
    expect(undated('level=error msg="127.0.0.1:40123 refused"')).toBe(
      'level=error msg="127.0.0.1:PORT refused"',
    );
  });
});

test('the line of a key is the one in the table that was asked for', () => {
  const printed = [
    `[plugins]`,
    `  [plugins."io.containerd.snapshotter.v1.blockfile"]`,
    `    mount_options = []`,
    `  [plugins.'io.containerd.snapshotter.v1.overlayfs']`,
    `    root_path = ''`,
    `    mount_options = ['volatile']`,
  ].join('\n');
  const overlayfs = 'io.containerd.snapshotter.v1.overlayfs';
  expect(lineOf(printed, overlayfs, 'mount_options')).toBe("mount_options = ['volatile']");
  expect(lineOf(printed, overlayfs, 'mount')).toBeNull();
  expect(lineOf('', overlayfs, 'mount_options')).toBeNull();
});

test('a record of the kernel log is its message', () => {
  expect(
    messageOf("3,1234,98765,-;overlay: Unknown parameter 'volatil'\n SUBSYSTEM=overlay\n"),
  ).toBe("overlay: Unknown parameter 'volatil'");
});

describe('the disk', () => {
  test('counts sectors written and flushes where the kernel puts them', () => {
    const stat =
      '     101        0      808        3       17        2    65672       41        0       24       47        0        0        0        0        4        1\n';
    expect(readCounters(stat)).toEqual({ sectorsWritten: 65672, flushes: 4 });
  });

  test('a file is whole, empty, damaged or missing', () => {
    const digest = sha256(Buffer.from('as it was'));
    expect(stateOf([Buffer.from('other'), Buffer.from('as it was')], digest)).toBe('whole');
    expect(stateOf([Buffer.alloc(0)], digest)).toBe('empty');
    expect(stateOf([Buffer.alloc(9)], digest)).toBe('empty');
    expect(stateOf([Buffer.from('as it wa')], digest)).toBe('damaged');
    expect(stateOf([], digest)).toBe('missing');
  });
});
