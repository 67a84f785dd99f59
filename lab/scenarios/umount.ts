import type { RecordedScenario } from './types.ts';

const onMount = {
  kind: 'recorded',
  operation: 'umount',
  args: ['/mnt/m'],
  sizes: 'chosen',
  dirtyIn: 'overlay',
} as const;

/** So few and so small requests that the one who waits is behind the queue from the start. */
const SHALLOW = { requests: 8, maxSectorsKiB: 256 };

/** Ends of a mount: what a container's end does, and what waits behind it. */
export const UMOUNT: readonly RecordedScenario[] = [
  {
    ...onMount,
    name: 'umount',
    about: 'umount of an overlay whose files are dirty',
    id: 'umount-{mib}',
  },
  {
    ...onMount,
    name: 'umount-clean',
    about: 'umount of a clean overlay while a neighbour on the same disk is dirty',
    id: 'umount-clean-{mib}',
    dirtyIn: 'neighbour',
  },
  {
    ...onMount,
    name: 'umount-scale',
    about: 'umount against 0 to 256 MiB of dirty data',
    id: 'umount-scale-{mib}',
    sizes: [0, 32, 64, 128, 256],
    untraced: true,
  },
  {
    ...onMount,
    name: 'umount-shallow-queue',
    about: 'umount with a disk queue of 8 requests, as the incident had its stack',
    id: 'umount-{mib}-shallow-queue',
    sizes: [256],
    queue: SHALLOW,
  },
  {
    ...onMount,
    name: 'umount-clean-shallow-queue',
    about: 'umount of a clean overlay beside a dirty neighbour, with that queue',
    id: 'umount-clean-{mib}-shallow-queue',
    dirtyIn: 'neighbour',
    queue: SHALLOW,
  },
  {
    ...onMount,
    name: 'umount-stock-knobs',
    about: 'umount 6 s after writing, with the write-back settings a machine has by default',
    id: 'umount-{mib}-stock-knobs',
    stockKnobs: true,
    prepare: ['sleep 6'],
  },
  {
    ...onMount,
    name: 'umount-lazy',
    about: 'lazy umount',
    id: 'umount-lazy-{mib}',
    operation: 'umount_lazy',
  },
  {
    ...onMount,
    name: 'umount-lazy-open',
    about: 'lazy umount while a file on it is open',
    id: 'umount-lazy-open-{mib}',
    operation: 'umount_lazy_open',
    args: ['/mnt/m', '/mnt/m/f'],
  },
  {
    ...onMount,
    name: 'close-detached',
    about: 'close of the last file of an overlay that was unmounted lazily',
    id: 'close-detached-{mib}',
    operation: 'close_detached',
    args: ['/mnt/m', '/mnt/m/f'],
  },
  {
    ...onMount,
    name: 'remount-ro',
    about: 'remount of a dirty overlay as read-only',
    id: 'remount-ro-{mib}',
    operation: 'remount_ro',
  },
  {
    ...onMount,
    name: 'umount-after-remount-ro',
    about: 'umount of an overlay that was remounted read-only',
    id: 'umount-after-remount-ro',
    prepare: ['mount -o remount,ro /mnt/m'],
  },
  {
    ...onMount,
    name: 'upper-remount',
    about: 'how long a remount of the disk below waits while a dirty overlay is unmounted',
    id: 'upper-remount-{mib}',
    operation: 'remount',
    args: ['/mnt/d'],
    prepare: ['umount /mnt/m & sleep 0.3'],
    untraced: true,
  },
];
