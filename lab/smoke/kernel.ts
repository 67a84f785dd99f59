/** The short lab's kernel: two operations, plain and volatile, through the lab as anybody runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadMeasured } from '../../src/evidence/load.ts';
import { findKernels, unpackKernel } from '../kernels.ts';
import { findMirror, Unavailable } from '../packages.ts';
import { ask } from '../programs.ts';
import { Refusal } from '../refusal.ts';
import { ensureTools } from '../tools.ts';
import { kernelChecks, type Check } from './checks.ts';

const WHAT = { series: '6.12', filesystem: 'ext4', scenarios: ['umount', 'fsync'] };

const CACHE = fileURLToPath(new URL('../../.cache/lab/', import.meta.url));
const committed = fileURLToPath(new URL('../../content/facts', import.meta.url));
const lab = fileURLToPath(new URL('../main.ts', import.meta.url));

export async function smokeKernel(tell: (line: string) => void): Promise<Check[]> {
  await prepare(tell);
  const folder = mkdtempSync(join(tmpdir(), 'lab-smoke-'));
  try {
    tell(`Recording ${WHAT.scenarios.join(' and ')} on ${WHAT.series}.`);
    const { code, err } = await ask(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      lab,
      ...['--kernel', WHAT.series, '--scenario', WHAT.scenarios.join()],
      ...['--filesystem', WHAT.filesystem, '--to', folder],
    ]);
    if (err.includes('Another lab is at work')) throw new Unavailable(err.trim());
    if (code !== 0) throw new Refusal(`the kernel lab ended with ${code}\n${err.trim()}`);
    return kernelChecks(
      await loadMeasured(join(folder, 'facts')),
      await loadMeasured(committed),
      WHAT,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sees to it that whatever fails afterwards is no want of this machine. */
async function prepare(tell: (line: string) => void): Promise<void> {
  const mirror = await findMirror();
  try {
    await ensureTools([WHAT.filesystem], tell);
  } catch (error) {
    if (error instanceof Refusal) throw new Unavailable(`no emulator: ${error.message}`);
    throw error;
  }
  for (const kernel of await findKernels([WHAT.series], mirror, CACHE, false))
    await unpackKernel(kernel, CACHE);
}
