import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { experimentNames } from '../../../lab/runtimes/experiments/index.ts';
import { dropIns, forms } from '../../../lab/runtimes/forms.ts';
import { collect, print, writeBehaviour, writeResult } from '../../../lab/runtimes/results.ts';
import { loadRuntimeBehaviour } from '../../../src/evidence/load.ts';
import type { RuntimeResult } from '../../../src/evidence/runtime-behaviour.ts';

const provenance = {
  date: '2026-01-02',
  command: 'npm run lab:runtimes',
  kernel: '6.1.0-1',
  system: 'Debian',
  packages: [],
  image: `sha256:${'0'.repeat(64)}`,
};

const mistyped = (version: string): RuntimeResult => ({
  runtime: 'containerd',
  version,
  provenance,
  experiment: 'mistyped',
  findings: {
    options: ['volatil'],
    containerdStarts: true,
    unpacks: true,
    containerStarts: false,
    says: [],
    kernel: [],
  },
});

const restart = (version: string): RuntimeResult => ({
  runtime: 'containerd',
  version,
  provenance,
  experiment: 'restart',
  findings: [{ after: 'its creation', options: [], starts: true, says: [], kernel: [] }],
});

describe('results on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'results-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const said: string[] = [];
  const collected = () => collect(folder, (line) => said.push(line));

  test('come by version as numbers, then in the order of the experiments', () => {
    for (const result of [mistyped('1.10.0'), restart('1.9.1'), restart('1.10.0')])
      writeResult(folder, result);
    expect(collected().results.map((each) => [each.version, each.experiment])).toEqual([
      ['1.9.1', 'restart'],
      ['1.10.0', 'restart'],
      ['1.10.0', 'mistyped'],
    ]);
    expect(said).toEqual([]);
  });

  test('of another form are left out, and that is said', () => {
    writeFileSync(join(folder, 'containerd-1.9.1', 'forms.json'), '{"findings":[]}');
    expect(collected().results).toHaveLength(3);
    expect(said).toEqual(['containerd-1.9.1: forms is of an earlier lab and left out.']);
  });

  test('are read again as they were written, one finding a line', async () => {
    writeBehaviour(join(folder, 'runtime-behaviour.json'), collected());
    expect(await loadRuntimeBehaviour(folder)).toEqual(collected());
    const lines = readFileSync(join(folder, 'runtime-behaviour.json'), 'utf8').split('\n');
    expect(lines).toContain(
      '{"after":"its creation","options":[],"starts":true,"says":[],"kernel":[]}',
    );
  });

  test('twice the same, or of a form that is not known, are refused before they are written', () => {
    const file = join(folder, 'never.json');
    const twice = { schema: 1 as const, results: [restart('1.9.1'), restart('1.9.1')] };
    expect(() => {
      writeBehaviour(file, twice);
    }).toThrow('containerd 1.9.1 restart stands here twice');
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  test('name file and field where the file is not as it should be', async () => {
    const wrong = mistyped('1.9.1');
    Object.assign(wrong.findings, { unpacks: 'yes' });
    const text = print({ schema: 1, results: [wrong] });
    writeFileSync(join(folder, 'runtime-behaviour.json'), text);
    await expect(loadRuntimeBehaviour(folder)).rejects.toThrow(
      /runtime-behaviour\.json is not what the lab writes:[\s\S]*results\[0\]\.findings\.unpacks/,
    );
  });
});

test('forms and drop-ins have names of their own', () => {
  for (const rows of [forms, dropIns]) {
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test('experiments have names of their own', () => {
  expect(new Set(experimentNames).size).toBe(experimentNames.length);
});
