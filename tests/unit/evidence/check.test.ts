/** The command that holds claims against evidence: what it prints, and what it answers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../lab/check.ts';
import { disagreements } from '../../../src/evidence/agreement.ts';
import type { MeasuredRun, RecordedRun } from '../../../src/evidence/measured.ts';
import type { RuntimeResult } from '../../../src/evidence/runtime-behaviour.ts';
import { form, pair, recorded, recordingOf, runtime } from './made-up.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  for (const name of ['facts', 'recordings', 'claims']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (file: string, value: unknown) =>
  writeFileSync(join(folder, file), JSON.stringify(value));

/** Evidence as the lab leaves it, recordings of every recorded run included. */
function leave(runs: MeasuredRun[], results: RuntimeResult[] | null = []) {
  write('facts/measured.json', { schema: 1, runs });
  if (results !== null) write('facts/runtime-behaviour.json', { schema: 1, results });
  for (const run of runs)
    if (run.kind === 'recorded') write(`recordings/${run.id}.json`, recordingOf(run));
}

const UMOUNT = { kind: 'verdict', scenario: 'umount', is: 'skipped' };
const FORMS = {
  kind: 'runtime',
  runtime: 'containerd',
  versions: ['1.7'],
  experiment: 'forms',
  field: 'outcome',
  is: 'applied',
};

async function check(observe: object[], ...more: string[]) {
  // YAML takes JSON.
  const claim = { id: 'the-claim', en: 'The umount is skipped.', 'zh-cn': '卸载被跳过。', observe };
  write('claims/claims.yaml', [claim]);
  const lines: string[] = [];
  const places = ['facts', 'recordings', 'claims'].flatMap((name) => [
    `--${name}`,
    join(folder, name),
  ]);
  const code = await main([...places, ...more], (line) => lines.push(line));
  return { code, lines, text: lines.join('\n') };
}

describe('a claim', () => {
  test('that the evidence carries is one line', async () => {
    leave(pair());
    const { code, lines } = await check([UMOUNT]);
    expect(code).toBe(0);
    expect(lines).toEqual([
      'holds  the-claim  1 times observed: ext4 on 6.12.9',
      expect.stringMatching(
        /^1 claims hold, 0 fail, 2 runs and 2 recordings contradict each other 0/,
      ),
    ]);
  });

  test.each([
    ['by hand', { ...UMOUNT, is: 'kept' }],
    ['by its opposite', { ...UMOUNT, not: true }],
  ])('that is turned around %s fails, and says what was observed where', async (_, turned) => {
    leave(pair());
    const { code, text } = await check([turned]);
    expect(code).toBe(1);
    expect(text).toContain('fails  the-claim');
    expect(text).toContain('says: The umount is skipped.');
    expect(text).toContain('6.12-ext4-umount-64-plain and 6.12-ext4-umount-64-volatile: "skipped"');
    expect(text).toContain('again: npm run lab -- --kernel 6.12 --scenario umount');
  });

  test('without evidence fails', async () => {
    leave(pair({ chosenBy: 'fsync' }));
    const { code, text } = await check([UMOUNT]);
    expect(code).toBe(1);
    expect(text).toContain('no evidence (scenario umount)');
  });

  test('about a runtime is decided by what runtimes did', async () => {
    leave([], [runtime('1.7.24', [form('x', 'applied')])]);
    expect((await check([FORMS])).code).toBe(0);
    expect((await check([{ ...FORMS, is: 'ignored' }])).text).toContain(
      'containerd 1.7.24 forms: "applied"; again: npm run lab:runtimes',
    );
  });
});

describe('a part of the evidence', () => {
  test('leaves a claim open that it does not decide', async () => {
    leave(pair({ chosenBy: 'fsync' }), null);
    const { code, lines } = await check([UMOUNT, FORMS], '--partial');
    expect(code).toBe(0);
    expect(lines[0]).toBe('open   the-claim  not decided here');
    expect(lines[1]).toContain('0 claims hold, 0 fail, 1 not decided here');
  });

  test('still fails a claim that it contradicts', async () => {
    leave([recorded(), recorded({ volatile: true, flushes: 2, writes: 9 })], null);
    const { code, text } = await check([UMOUNT, FORMS], '--partial');
    expect(code).toBe(1);
    expect(text).toContain('fails  the-claim');
  });

  test('must say that it is one', async () => {
    leave(pair(), null);
    await expect(check([UMOUNT])).rejects.toThrow(
      /^There is no .*runtime-behaviour\.json, .* measure it again: npm run lab:runtimes$/,
    );
  });
});

describe('the evidence itself', () => {
  test('fails where a recording is not the one of its row', async () => {
    leave(pair());
    const [plain] = pair();
    write(
      `recordings/${String(plain?.id)}.json`,
      recordingOf({ ...(plain as RecordedRun), seconds: 9 }),
    );
    const { code, text } = await check([UMOUNT]);
    expect(code).toBe(1);
    expect(text).toContain(`fails  the evidence itself: ${String(plain?.id)}: seconds is 3.3`);
  });

  test.each([
    ['a run twice', [...pair(), recorded()], [], 'stands twice'],
    ['a recording too many', [], [recordingOf(recorded())], 'not measured'],
    [
      'an operation that only volatile brings to the disk',
      [recorded({ flushes: 0, writes: 0 }), recorded({ volatile: true, flushes: 1 })],
      [],
      'reaches the disk (1 flushes',
    ],
    [
      'a recording of the other mount',
      [recorded()],
      [{ ...recordingOf(recorded()), volatile: true }],
      'volatile is false as measured and true as recorded',
    ],
    [
      'other flushes',
      [recorded()],
      [{ ...recordingOf(recorded()), device: { flushes: 3, writes: 60, sectors: 131072 } }],
      'flushes is 2 as measured and 3 as recorded',
    ],
  ])('names %s', (_, runs, recordings, message) => {
    expect(disagreements({ schema: 1, runs }, recordings).join('\n')).toContain(message);
  });

  test('agrees with itself where nothing is wrong', () => {
    expect(
      disagreements(
        { schema: 1, runs: pair() },
        pair().map((run) => recordingOf(run)),
      ),
    ).toEqual([]);
  });
});

test.each([
  [['--fact', 'x'], '--fact'],
  [['--facts', 'no/such/folder'], 'no/such/folder'],
])('%j is refused in words', async (argv, message) => {
  await expect(main(argv, () => undefined)).rejects.toThrow(message);
});
