import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRecordings } from '../../../src/recording/load.ts';
import { dirtyBounds, secondsToWrite } from '../../../src/writeback/estimate.ts';

describe('secondsToWrite', () => {
  it.each([
    [256, 20, 13.42],
    [64, 20, 3.36],
    [0, 20, 0],
    [1024, 1000, 1.07],
  ])('%d MiB at %d MB/s take %d s', (mib, rate, seconds) => {
    expect(secondsToWrite(mib, rate)).toBeCloseTo(seconds, 2);
  });

  it('refuses a disk that never writes', () => {
    expect(() => secondsToWrite(1, 0)).toThrow(RangeError);
    expect(() => secondsToWrite(1, Number.NaN)).toThrow(RangeError);
  });

  it('predicts every measured umount that had something to write within six percent', async () => {
    const measured = (await loadRecordings()).filter(
      // btrfs writes its checksums and copies of its trees besides.
      ({ filesystem, scenario, volatile, parameters }) =>
        filesystem !== 'btrfs' &&
        scenario.startsWith('umount-scale-') &&
        !volatile &&
        parameters.dirtyMiB > 0,
    );
    expect(measured.length).toBeGreaterThanOrEqual(16);
    for (const { id, seconds, parameters } of measured) {
      const predicted = secondsToWrite(parameters.dirtyMiB, parameters.diskMBs);
      expect(Math.abs(seconds / predicted - 1), id).toBeLessThan(0.06);
    }
  });
});

describe('dirtyBounds', () => {
  it('grows with memory and keeps background below ratio', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4096 }), (gib) => {
        const bounds = dirtyBounds(gib, { background: 10, ratio: 20 });
        expect(bounds.ratio).toBe(2 * bounds.background);
        expect(bounds.ratio).toBeCloseTo(gib * 204.8, 6);
      }),
    );
  });
});
