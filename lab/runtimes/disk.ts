/**
 * A disk of its own for everything that must reach a disk: an ext4 image behind a loop device. What
 * the image file holds at an instant is what the machine would find after its power was cut then.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileState } from '../../src/evidence/runtime-behaviour.ts';
import { sha256 } from './image.ts';

const run = promisify(execFile);

const SIZE = 1 << 30;

/** What a disk has completed, see the kernel's Documentation/block/stat.rst. */
export interface Counters {
  /** 512 bytes each. */
  sectorsWritten: number;
  flushes: number;
}

export interface Disk {
  /** Where it is mounted. */
  place: string;
  /** What the disk has been given since it was mounted. */
  counters: () => Counters;
  /** Writes back everything on it. */
  flush: () => Promise<unknown>;
  /** Mounts, at another place, what had reached the disk by now, and unmounts it after `look`. */
  afterPowerCut: <T>(look: (place: string) => Promise<T>) => Promise<T>;
  remove: () => Promise<void>;
}

/** @param folder a folder with room for twice the image, of which little is ever written */
export async function makeDisk(folder: string, place: string): Promise<Disk> {
  mkdirSync(folder, { recursive: true });
  mkdirSync(place, { recursive: true });
  const image = join(folder, 'disk.img');
  rmSync(image, { force: true });
  writeFileSync(image, '');
  truncateSync(image, SIZE);
  const options = 'lazy_itable_init=0,lazy_journal_init=0';
  await run('mkfs.ext4', ['-q', '-F', '-E', options, image]);
  await run('mount', ['-o', 'loop', image, place]);
  const { stdout } = await run('findmnt', ['--noheadings', '--output', 'SOURCE', place]);
  const device = basename(stdout.trim());
  return {
    place,
    counters: () => readCounters(readFileSync(`/sys/block/${device}/stat`, 'utf8')),
    flush: () => run('sync', ['--file-system', place]),
    afterPowerCut: async (look) => {
      const copy = join(folder, 'after-power-cut.img');
      const elsewhere = `${place}-after-power-cut`;
      mkdirSync(elsewhere, { recursive: true });
      await run('cp', ['--sparse=always', image, copy]);
      try {
        await run('mount', ['-o', 'loop', copy, elsewhere]);
        try {
          return await look(elsewhere);
        } finally {
          await unmount(elsewhere);
        }
      } finally {
        rmSync(copy, { force: true });
      }
    },
    remove: async () => {
      await unmount(place);
      rmSync(image, { force: true });
    },
  };
}

/** A process that still ends may hold it for a moment. */
async function unmount(place: string): Promise<void> {
  await run('umount', [place]).catch(() => run('umount', ['-l', place]));
}

/** The numbers of `/sys/block/DEVICE/stat`. */
export function readCounters(text: string): Counters {
  const numbers = text.trim().split(/\s+/).map(Number);
  const [sectorsWritten = 0, flushes = 0] = [numbers[6], numbers[15]];
  return { sectorsWritten, flushes };
}

/**
 * What became of a file that was written with a known content.
 *
 * @param contents what stands in its place, or in each of the places where it may be
 */
export function stateOf(contents: readonly Uint8Array[], digest: string): FileState {
  if (contents.some((data) => sha256(data) === digest)) return 'whole';
  if (contents.length === 0) return 'missing';
  return contents.every((data) => data.every((byte) => byte === 0)) ? 'empty' : 'damaged';
}
