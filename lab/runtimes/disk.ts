/**
 * A disk of its own for everything that must reach a disk: an ext4 image behind a loop device. What
 * the image file holds at an instant is what the machine would find after its power was cut then.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SIZE = 1 << 30;

export interface Disk {
  /** Where it is mounted. */
  place: string;
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
  return {
    place,
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
