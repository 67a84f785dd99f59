import { integer, type Schema } from '../../share/codec.ts';

export interface DirtyPagesLink {
  /** Memory of the reader's machine, GiB. */
  memory: number;
  /** Sustained write rate of its disk, MB/s. */
  disk: number;
}

/** Ends of the sliders: a small virtual machine to the largest hosts, a throttled disk to NVMe. */
export const MEMORY = { min: 1, max: 2048 };
export const DISK = { min: 10, max: 5000 };

/** `/umount/?memory=64&disk=200#dirty-pages`; defaults may not change. */
export const dirtyPagesLink: Schema<DirtyPagesLink> = {
  memory: integer({ ...MEMORY, fallback: 64 }),
  disk: integer({ ...DISK, fallback: 200 }),
};

/** Steps of a slider over decades: every value a person would name, none twice. */
export function stops({ min, max }: { min: number; max: number }): number[] {
  const values: number[] = [];
  for (let power = 1; power <= max; power *= 2) {
    for (const value of [power, power * 1.5]) {
      if (value >= min && value <= max && Number.isInteger(value)) values.push(value);
    }
  }
  return values;
}

/** Decimal steps, 1 2 3 4 5 6 8 per decade, for rates. */
export function decimalStops({ min, max }: { min: number; max: number }): number[] {
  const values: number[] = [];
  for (let power = 1; power <= max; power *= 10) {
    for (const digit of [1, 1.5, 2, 3, 4, 5, 6, 8]) {
      const value = digit * power;
      if (value >= min && value <= max && Number.isInteger(value)) values.push(value);
    }
  }
  return values;
}
