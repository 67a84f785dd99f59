import type { ProbeScenario } from './types.ts';

const LAYERS = 'lowerdir=/mnt/d/low,upperdir=/mnt/d/up,workdir=/mnt/d/work';

const mount = (options = '') => `mount -t overlay overlay -o ${LAYERS}${options} /mnt/m`;
const SHOW = "grep ' /mnt/m ' /proc/mounts";
const FRESH = 'rm -rf /mnt/d/up /mnt/d/work; mkdir /mnt/d/up /mnt/d/work';

/** Mounts, shows what /proc/mounts prints, and unmounts. */
const show = (label: string, option: string) => ({
  label,
  command: `${FRESH}; ${mount(option)} && { ${SHOW}; umount /mnt/m; }`,
});

/** A small file system that promises more room than there is: writing into it fails late. */
const SMALL =
  'mkdir -p /tmp/t /mnt/s; mount -t tmpfs -o size=24m none /tmp/t && truncate -s 64M /tmp/t/disk && ' +
  'mke2fs -F /tmp/t/disk > /dev/null && losetup /dev/loop0 /tmp/t/disk && mount -t ext4 /dev/loop0 /mnt/s';

const onSmall = (n: number, at: string) =>
  `mkdir -p /mnt/s/up${n} /mnt/s/work${n} ${at}; ` +
  `mount -t overlay overlay -o lowerdir=/mnt/d/low,upperdir=/mnt/s/up${n},workdir=/mnt/s/work${n},volatile ${at}`;

/** What the kernel says: which options it takes, how it prints them, what it refuses. */
export const PROBES: readonly ProbeScenario[] = [
  {
    kind: 'probe',
    name: 'options',
    about: 'which options the kernel takes, and what /proc/mounts prints for them',
    probes: [
      show('plain', ''),
      show('volatile', ',volatile'),
      show('fsync=auto', ',fsync=auto'),
      show('fsync=strict', ',fsync=strict'),
      show('fsync=volatile', ',fsync=volatile'),
      show('fsync=bogus', ',fsync=bogus'),
      show('volatile, then fsync=auto', ',volatile,fsync=auto'),
      show('an unknown option', ',volatilex'),
      {
        label: 'volatile without an upper directory',
        command: `${FRESH}; mount -t overlay overlay -o lowerdir=/mnt/d/low:/mnt/d/other,volatile /mnt/m && { ${SHOW}; umount /mnt/m; }`,
      },
    ],
  },
  {
    kind: 'probe',
    name: 'remount-volatile',
    about: 'what remounting with volatile answers, and whether it changes anything',
    probes: [
      { label: 'mount', command: `${mount()}; ${SHOW}` },
      { label: 'remount', command: 'mount -o remount,volatile /mnt/m' },
      { label: 'after', command: SHOW },
      { label: 'umount', command: 'umount /mnt/m' },
    ],
  },
  {
    kind: 'probe',
    name: 'reuse',
    about: 'whether the directories of a volatile overlay can be mounted again',
    probes: [
      { label: 'volatile', command: `${mount(',volatile')} && umount /mnt/m` },
      { label: 'left behind', command: 'cd /mnt/d/work && find . -mindepth 1 | sort; cd /' },
      { label: 'again, plain', command: `${mount()} && umount /mnt/m` },
      { label: 'again, volatile', command: `${mount(',volatile')} && umount /mnt/m` },
      { label: 'again, read-only', command: `${mount(',ro')} && umount /mnt/m` },
      {
        label: 'its upper directory as a lower one',
        command:
          'mount -t overlay overlay -o lowerdir=/mnt/d/up:/mnt/d/low /mnt/m && umount /mnt/m',
      },
      {
        label: 'after removing the mark',
        command: `rm -rf /mnt/d/work/work/incompat/volatile; ${mount()} && umount /mnt/m`,
      },
      { label: 'a plain one, now volatile', command: `${mount(',volatile')} && umount /mnt/m` },
    ],
  },
  {
    kind: 'probe',
    name: 'process-crash',
    about: 'what is left of a file when the process that wrote it is killed',
    probes: (['plain', 'volatile'] as const).flatMap((variant) => [
      {
        label: `${variant}: mount`,
        command: `${FRESH}; ${mount(variant === 'plain' ? '' : ',volatile')}`,
      },
      {
        label: `${variant}: write and be killed`,
        command: "sh -c 'recorder fill /mnt/m/f 8; kill -KILL $$'",
      },
      { label: `${variant}: what others read`, command: 'recorder verify /mnt/m/f 8' },
      { label: `${variant}: umount`, command: 'umount /mnt/m' },
      {
        label: `${variant}: what the upper directory holds`,
        command: 'recorder verify /mnt/d/up/f 8',
      },
    ]),
  },
  {
    kind: 'probe',
    name: 'sticky-error',
    // Its disk is an ext4 of its own: on the other file systems it would repeat itself.
    filesystems: ['ext4'],
    about: "what a volatile overlay answers once a neighbour's data could not be written",
    probes: [
      { label: 'a disk with less room than it says', command: SMALL },
      { label: 'a volatile overlay on it', command: onSmall(1, '/mnt/m') },
      { label: 'a file', command: 'recorder fill /mnt/m/f 1' },
      { label: 'fsync before', command: 'recorder do fsync /mnt/m/f' },
      { label: "a neighbour's data cannot be written", command: 'recorder fill /mnt/s/n 40; sync' },
      { label: 'fsync', command: 'recorder do fsync /mnt/m/f' },
      { label: 'fsync again', command: 'recorder do fsync /mnt/m/f' },
      { label: 'fdatasync', command: 'recorder do fdatasync /mnt/m/f' },
      { label: 'fsync of the directory', command: 'recorder do fsync_dir /mnt/m' },
      { label: 'syncfs on the overlay', command: 'recorder do syncfs /mnt/m' },
      { label: 'write', command: 'echo more >> /mnt/m/f' },
      { label: 'a second volatile overlay', command: onSmall(2, '/tmp/m2') },
      { label: 'syncfs on the disk', command: 'recorder do syncfs /mnt/s' },
      { label: 'syncfs on the disk again', command: 'recorder do syncfs /mnt/s' },
      { label: 'a second volatile overlay, now', command: onSmall(3, '/tmp/m2') },
      { label: 'fsync on the first', command: 'recorder do fsync /mnt/m/f' },
      {
        label: 'the end',
        command: 'umount /tmp/m2 /mnt/m /mnt/s; losetup -d /dev/loop0; umount /tmp/t',
      },
    ],
  },
];
