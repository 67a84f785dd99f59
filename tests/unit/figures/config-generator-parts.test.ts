/** The parts of the generator's figure that need no page. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import { commandFor } from '../../../src/figures/config-generator/command-for.ts';
import { fieldsOf, kindsOf } from '../../../src/figures/config-generator/from-pasted.ts';
import { hunksOf } from '../../../src/figures/config-generator/hunks.ts';
import { keep } from '../../../src/figures/config-generator/keep.ts';
import type { Question } from '../../../src/generate/answer.ts';
import { readPasted } from '../../../src/generate/merge/pasted.ts';
import { merge } from '../generate/merge-help.ts';
import { ask, facts, notable, rulesIn } from '../generate/rules.ts';

describe('the command line that the page shows', () => {
  const prefix = 'npm run --silent cli -- ';
  test.each(notable)('%s: prints the file that the page shows', async (_, given) => {
    const question: Question = {
      target: 'containerd',
      platform: '',
      runtime: '2.1.9',
      kernel: '6.12',
      format: 'new',
      rollout: '',
      nodeReturns: false,
      sharesContainerd: true,
      acceptKnownProblems: false,
      ...given,
    };
    const answer = ask(question);
    const row = rulesIn.en.targets.targets.find(({ id }) => id === question.target);
    if (row === undefined || answer.files.length === 0) return;
    const command = commandFor(question, row, answer.files);
    expect(command.startsWith(prefix)).toBe(true);
    // None of these versions needs a quotation mark.
    const { out, code, err } = await run(command.slice(prefix.length).split(' '));
    expect(code, err).toBe(0);
    const file = answer.files.find(({ role }) => role === 'apply') ?? answer.files[0];
    expect(out).toBe(file?.text);
  });

  test('one word for the shell, whatever was typed', () => {
    const [row] = rulesIn.en.targets.targets;
    if (row === undefined) throw new Error('no targets');
    const command = commandFor(
      { ...ask({}), ...question(), runtime: "2.1.9; rm -rf '$HOME'" },
      row,
      [],
    );
    expect(command).toContain(`--runtime '2.1.9; rm -rf '\\''$HOME'\\'''`);
  });
});

function question(): Question {
  return {
    target: 'containerd',
    platform: '',
    runtime: '2.1.9',
    kernel: '6.12',
    format: 'new',
    rollout: '',
    nodeReturns: true,
    sharesContainerd: false,
    acceptKnownProblems: false,
  };
}

describe('a diff', () => {
  const file = (lines: number): string =>
    `version = 2\n${Array.from({ length: lines }, (_, n) => `# line ${String(n)}\n`).join('')}`;

  test('shows what changed among two lines of its surroundings', () => {
    const text = `${file(20)}[plugins."io.containerd.snapshotter.v1.overlayfs"]\n  a = 1\n${'# end\n'.repeat(20)}`;
    const merged = merge(text);
    const [hunk, ...more] = hunksOf(merged.text, merged.changes);
    expect(more).toEqual([]);
    expect(hunk?.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(hunk).toHaveLength(5);
    const lines = merged.text.split('\n');
    for (const { line, text: shown } of hunk ?? []) expect(lines[line - 1]).toBe(shown);
  });

  test('what stays and what is new is the result, what stays and is gone is the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('# a', 'root = "/x"', ''), { maxLength: 12 }),
        fc.boolean(),
        (above, listed) => {
          const own = listed
            ? '[plugins."io.containerd.snapshotter.v1.overlayfs"]\n  mount_options = ["index=off"]\n'
            : '[plugins."io.containerd.snapshotter.v1.overlayfs"]\n';
          const comments = above.map((line) => (line.startsWith('root') ? '# b' : line));
          const text = `version = 2\n${comments.map((line) => `${line}\n`).join('')}${own}`;
          const merged = merge(text);
          const shown = hunksOf(merged.text, merged.changes).flat();
          const [was, is] = [text.split('\n'), merged.text.split('\n')];
          for (const line of shown) {
            if (line.kind !== 'gone') expect(is[line.line - 1]).toBe(line.text);
            else expect(was).toContain(line.text);
          }
          const numbers = shown.filter(({ kind }) => kind !== 'gone').map(({ line }) => line);
          expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
          expect(shown.filter(({ kind }) => kind === 'new')).toHaveLength(
            merged.changes.filter(({ after }) => after !== undefined).length,
          );
        },
      ),
    );
  });
});

describe('keeping what says the same', () => {
  test('the result is what is new, made of what was there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(keep(a, b)).toEqual(b);
        const copy = structuredClone(a);
        expect(keep(a, copy)).toBe(a);
      }),
    );
  });

  test('another version of containerd leaves the reasons of the file as they were', () => {
    const before = ask({ runtime: '2.1.8' });
    const after = keep(before, ask({ runtime: '2.1.9' }));
    expect(after.files[0]?.lines[2]).toBe(before.files[0]?.lines[2]);
    expect(after.reasons[0]).not.toBe(before.reasons[0]);
  });
});

describe('what is pasted, as fields of the form', () => {
  const fields = (text: string): unknown => {
    const pasted = readPasted(text);
    return pasted.kind === 'versions' ? fieldsOf(pasted) : pasted.kind;
  };
  test.each([
    ['6.8.0-45-generic', { kernel: '6.8.0-45-generic' }],
    ['k3s version v1.31.6+k3s1 (6ab750f9)', { target: 'k3s', platform: '1.31.6+k3s1' }],
    ['docker://24.0.7', { target: 'docker' }],
    ['cri-o://1.29.6', { target: 'cri-o', runtime: '1.29.6' }],
    ['containerd://1.7.24', { target: 'containerd', runtime: '1.7.24' }],
  ])('%s', (text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  test('every target that it names is one', () => {
    const ids = facts.targets.targets.map(({ id }) => id);
    for (const os of [
      'Amazon Linux 2023.5',
      'Amazon Linux 2',
      'Talos (v1.12.0)',
      'Bottlerocket OS 1.20.5',
      'Flatcar Container Linux by Kinvolk 3975.2.0 (Oklo)',
      'Container-Optimized OS from Google',
      'Red Hat Enterprise Linux CoreOS 416.94',
    ])
      for (const runtime of ['containerd://1.7.20', 'cri-o://1.29.6', 'docker://24.0.7']) {
        const pasted = readPasted(
          `n1  Ready  <none>  4d  v1.30.4-eks-a737599  10.0.0.1  <none>  ${os}  6.1.109  ${runtime}\n`,
        );
        if (pasted.kind !== 'nodes') throw new Error(pasted.kind);
        const [kind] = kindsOf(pasted);
        expect(ids, os).toContain(kind?.fields.target);
      }
  });

  test('Talos and Flatcar say their own version', () => {
    const platform = (os: string): unknown => {
      const pasted = readPasted(
        `n1  Ready  <none>  4d  v1.30.4  10.0.0.1  <none>  ${os}  6.1.109  containerd://2.1.6\n`,
      );
      return pasted.kind === 'nodes' ? kindsOf(pasted)[0]?.fields.platform : pasted.kind;
    };
    expect(platform('Talos (v1.12.0)')).toBe('1.12.0');
    expect(platform('Flatcar Container Linux by Kinvolk 3975.2.0 (Oklo)')).toBe('3975.2.0');
  });
});
