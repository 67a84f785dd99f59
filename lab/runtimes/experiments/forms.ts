/** Which ways to write the setting a containerd takes, and what it says to the others. */
import { join } from 'node:path';
import type { FormResult } from '../../../src/evidence/runtime-behaviour.ts';
import { config, importImage, topSnapshot, withDisk, type Bench } from '../bench.ts';
import { Containerd, Refused, withContainerd, type Programs } from '../containerd.ts';
import { forms, type Form } from '../forms.ts';
import { complaintsBeyond } from '../words.ts';

export function tryForms(bench: Bench): Promise<FormResult[]> {
  return withDisk(bench, async (root) => {
    // The log of a file with nothing to complain of.
    const usual = await withContainerd(bench.programs, config(bench, []), root, async (daemon) => {
      await importImage(daemon, bench);
      return daemon.log;
    });
    const results: FormResult[] = [];
    for (const form of forms) {
      bench.tell(`form ${form.id}`);
      results.push(await tryForm(bench.programs, form, root, usual));
    }
    return results;
  });
}

async function tryForm(
  programs: Programs,
  form: Form,
  root: string,
  usual: string,
): Promise<FormResult> {
  const { id, about, file } = form;
  let daemon: Containerd;
  try {
    daemon = await Containerd.start(programs, file, root);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const says = complaintsBeyond(error.log, usual);
    return { form: id, about, file, outcome: 'refused', options: null, says };
  }
  try {
    const key = join('form', id);
    await daemon.must('snapshots', 'prepare', key, await topSnapshot(daemon));
    const { options } = await daemon.mountOf(key);
    await daemon.must('snapshots', 'rm', key);
    const outcome = options.includes(form.option) ? 'applied' : 'ignored';
    const says = complaintsBeyond(daemon.log, usual);
    return { form: id, about, file, outcome, options, says };
  } finally {
    await daemon.stop();
  }
}
