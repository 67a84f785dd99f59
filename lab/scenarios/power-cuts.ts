import type { PowerCutScenario } from './types.ts';

/** What a power cut leaves of a file that was just written into a container. */
export const POWER_CUTS: readonly PowerCutScenario[] = [
  {
    kind: 'power-cut',
    name: 'power-cut-written',
    about: 'what a power cut leaves of a file that was only written',
    steps: [],
  },
  {
    kind: 'power-cut',
    name: 'power-cut-fsync',
    about: 'what a power cut leaves of a file after fsync',
    steps: ['recorder do fsync /mnt/m/written'],
  },
  {
    kind: 'power-cut',
    name: 'power-cut-umount',
    about: 'what a power cut leaves of a file after umount',
    steps: ['umount /mnt/m'],
  },
  {
    kind: 'power-cut',
    name: 'power-cut-sync',
    about: 'what a power cut leaves of a file after sync(2)',
    steps: ['sync'],
  },
  {
    kind: 'power-cut',
    name: 'power-cut-later',
    about: 'what a power cut leaves of a file once periodic write-back has come by',
    // A machine has 500 and 3000: the same in a tenth of the time, and the 5 s of ext4's journal.
    steps: [
      'sysctl -w vm.dirty_writeback_centisecs=50 vm.dirty_expire_centisecs=300',
      'sleep 12',
      'sysctl -w vm.dirty_expire_centisecs=3000',
    ],
    seconds: 12,
    // The others commit what they know of a file only after 30 s, which no setting shortens.
    filesystems: ['ext4'],
  },
];
