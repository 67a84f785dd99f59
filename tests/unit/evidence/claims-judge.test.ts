/** What each kind of observation asks, and what a judgement makes of the answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observationSchema, type Observation } from '../../../src/evidence/claims.ts';
import { judge, type Outcome } from '../../../src/evidence/judge.ts';
import { compare, type Evidence } from '../../../src/evidence/observe.ts';
import type { RecordedRun } from '../../../src/evidence/measured.ts';
import {
  call,
  evidence,
  form,
  pair,
  powerCut,
  probe,
  recorded,
  recordingOf,
  runtime,
  turnAround,
} from './made-up.ts';

/** As claims.yaml holds it: one scenario, probe or size may stand alone. */
type Written = { kind: Observation['kind'] } & Record<string, unknown>;

const judged = (written: Written, given: Evidence) => {
  const observation = observationSchema.parse(written);
  return judge({ id: 'it', en: 'It.', 'zh-cn': '它。', observe: [observation] }, given);
};
const outcome = (written: Written, given: Evidence): Outcome => judged(written, given).outcome;

describe('a verdict', () => {
  const skipped = { kind: 'verdict', scenario: 'umount', is: 'skipped' } as const;
  const kept = { volatile: true, flushes: 2, writes: 60 };

  test('holds where every kernel and file system has it', () => {
    expect(outcome(skipped, evidence([...pair(), ...pair({ series: '6.1' })]))).toBe('holds');
    const runs = [
      ...pair(),
      recorded({ filesystem: 'xfs' }),
      recorded({ filesystem: 'xfs', ...kept }),
    ];
    expect(outcome(skipped, evidence(runs))).toBe('fails');
    expect(outcome({ ...skipped, except: [{ filesystem: 'xfs' }] }, evidence(runs))).toBe('holds');
    expect(outcome({ ...skipped, filesystems: ['xfs'], is: 'kept' }, evidence(runs))).toBe('holds');
  });

  test('excepts a file system on one kernel alone', () => {
    const runs = [...pair(), recorded({ series: '5.10' }), recorded({ series: '5.10', ...kept })];
    const except = (where: object) => outcome({ ...skipped, except: [where] }, evidence(runs));
    expect(except({ kernel: '5.10', filesystem: 'ext4' })).toBe('holds');
    expect(except({ kernel: '5.10', filesystem: 'xfs' })).toBe('fails');
    expect(except({ kernel: '6.1' })).toBe('fails');
  });

  test('needs both runs, and each kernel, file system and scenario that it names', () => {
    expect(outcome(skipped, evidence([]))).toBe('no-evidence');
    expect(outcome(skipped, evidence([recorded()]))).toBe('no-evidence');
    expect(outcome({ ...skipped, kernels: ['6.12', '7.3'] }, evidence(pair()))).toBe('no-evidence');
    expect(outcome({ ...skipped, filesystems: ['xfs'] }, evidence(pair()))).toBe('no-evidence');
    expect(outcome({ ...skipped, scenario: ['umount', 'fsync'] }, evidence(pair()))).toBe(
      'no-evidence',
    );
  });

  test('says which run was otherwise, and how to have it again', () => {
    const [reason] = judged(
      skipped,
      evidence([recorded(), recorded({ ...kept, seconds: 3.1 })]),
    ).reasons;
    expect(reason).toContain('6.12-ext4-umount-64-volatile');
    expect(reason).toContain('"kept"');
    expect(reason).toContain('volatile seconds 3.1');
    expect(reason).toContain('npm run lab -- --kernel 6.12 --scenario umount');
  });
});

describe('a number', () => {
  const number = {
    kind: 'number',
    scenario: 'umount',
    variant: 'plain',
    metric: 'seconds',
  } as const;

  test('is held against a constant', () => {
    expect(outcome({ ...number, is: '<', than: 4 }, evidence(pair()))).toBe('holds');
    expect(outcome({ ...number, is: '>=', than: 4 }, evidence(pair()))).toBe('fails');
  });

  test('is held against what the disk needs', () => {
    const law = { ...number, is: '=', than: 'dirty / rate', within: 0.05 } as const;
    expect(outcome(law, evidence(pair()))).toBe('holds');
    expect(outcome(law, evidence(pair({ seconds: 4 })))).toBe('fails');
    expect(outcome({ ...law, times: 2 }, evidence(pair({ seconds: 6.7 })))).toBe('holds');
    expect(outcome({ ...law, mib: [64, 128] }, evidence(pair()))).toBe('no-evidence');
    const large = pair({ dirtyMiB: 128, seconds: 6.7 });
    expect(outcome({ ...law, mib: [64, 128] }, evidence([...pair(), ...large]))).toBe('holds');
  });

  test('is held against the other run, another scenario or another number of the same kernel', () => {
    const tenth = { ...number, is: '>', times: 10 } as const;
    expect(outcome({ ...tenth, than: { variant: 'volatile' } }, evidence(pair()))).toBe('holds');
    const clean = pair({ chosenBy: 'umount-clean', dirtyIn: 'neighbour' });
    const same = {
      ...number,
      scenario: 'umount-clean',
      is: '=',
      than: { scenario: 'umount' },
    } as const;
    expect(outcome({ ...same, within: 0.1 }, evidence([...pair(), ...clean]))).toBe('holds');
    const elsewhere = pair({ series: '7.2' });
    expect(outcome({ ...same, within: 0.1 }, evidence([...elsewhere, ...clean]))).toBe(
      'no-evidence',
    );
    const gone = {
      ...number,
      metric: 'dirtyAfter',
      is: '<',
      than: { metric: 'dirtyBefore' },
    } as const;
    expect(outcome(gone, evidence(pair()))).toBe('holds');
    expect(outcome({ ...gone, variant: 'volatile' }, evidence(pair()))).toBe('fails');
  });

  test('every pair of numbers is on one side or the other', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, finite, (a, b) => {
        expect(compare(a, '<', b)).toBe(!compare(a, '>=', b));
        expect(compare(a, '>', b)).toBe(!compare(a, '<=', b));
        expect(compare(a, '=', a)).toBe(true);
        expect(compare(a, '=', b)).toBe(a === b);
      }),
    );
  });

  test('what is near within a part is near within a larger one', () => {
    const part = fc.double({ min: 0, max: 2, noNaN: true });
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, part, part, (a, b, one, other) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        if (compare(a, '=', b, less)) expect(compare(a, '=', b, more)).toBe(true);
      }),
    );
  });
});

describe('a call', () => {
  const run = recorded();
  const calls = [
    call('task_work_run', 3.2, {
      calls: [
        call('ovl_sync_fs', 3.1, {
          superblock: 'overlay',
          calls: [call('sync_filesystem', 3, { superblock: 'upper' })],
        }),
      ],
    }),
  ];
  const given = evidence([run], [recordingOf(run, calls)]);
  const called = { kind: 'call', scenario: 'umount', variant: 'plain' } as const;

  test.each([
    [{ function: 'sync_filesystem' }, 'holds'],
    [{ function: 'sync_filesystem', superblock: 'upper' }, 'holds'],
    [{ function: 'sync_filesystem', superblock: 'overlay' }, 'fails'],
    [{ function: 'sync_filesystem', within: 'task_work_run' }, 'holds'],
    [{ function: 'sync_filesystem', within: '__x64_sys_umount' }, 'fails'],
    [{ function: 'task_work_run', takes: 0.9 }, 'holds'],
    [{ function: 'task_work_run', takes: 0.99 }, 'fails'],
    [{ function: 'ext4_sync_file' }, 'fails'],
    [{ function: 'ext4_sync_file', not: true }, 'holds'],
  ] as const)('%j %s', (asked, answer) => {
    expect(outcome({ ...called, ...asked }, given)).toBe(answer);
  });

  test('is not decided by a run without a trace', () => {
    const asked = { ...called, function: 'ext4_sync_file', not: true } as const;
    expect(outcome(asked, evidence([run]))).toBe('no-evidence');
    expect(outcome(asked, evidence([run], [recordingOf(run)]))).toBe('no-evidence');
  });
});

describe('a probe', () => {
  const refused = probe('again', { status: 255, dmesg: ['overlayfs: no'], out: ['mount: failed'] });
  const again = { kind: 'probe', scenario: 'reuse', probe: 'again' } as const;

  test.each([
    [{ answers: 'refused' }, 'holds'],
    [{ answers: 'accepted' }, 'fails'],
    [{ logs: '^overlayfs: no$' }, 'holds'],
    [{ prints: 'overlayfs' }, 'fails'],
    [{ prints: 'failed$' }, 'holds'],
    [{ prints: 'overlayfs', not: true }, 'holds'],
  ] as const)('%j %s', (asked, answer) => {
    expect(outcome({ ...again, ...asked }, evidence([refused]))).toBe(answer);
  });

  test('must have been tried', () => {
    const asked = { ...again, probe: ['again', 'and again'], answers: 'refused' } as const;
    expect(outcome(asked, evidence([refused]))).toBe('no-evidence');
  });

  test('asks for the mount after a power cut, with and without the option', () => {
    const given = evidence([
      powerCut([]),
      powerCut([], { volatile: true, remount: { status: 255 } }),
    ]);
    const remount = { kind: 'probe', scenario: 'power-cut-fsync', probe: 'remount' } as const;
    const asked = { ...remount, answers: 'refused' } as const;
    expect(outcome({ ...asked, variant: 'volatile' }, given)).toBe('holds');
    expect(outcome({ ...asked, variant: 'plain' }, given)).toBe('fails');
  });
});

describe('a file after a power cut', () => {
  const left = (length: number | null, intact: number) =>
    evidence([powerCut([{ file: 'written', bytes: 8, length, intact }])]);
  const survivor = {
    kind: 'survivor',
    scenario: 'power-cut-fsync',
    variant: 'plain',
    file: 'written',
  } as const;

  test.each([
    ['whole', 8, 8],
    ['part', 8, 3],
    ['part', 9, 8],
    ['nothing', 8, 0],
    ['nothing', 0, 0],
    ['nothing', null, 0],
  ] as const)('is %s at length %j with %j bytes intact', (is, length, intact) => {
    for (const state of ['whole', 'part', 'nothing'] as const)
      expect(outcome({ ...survivor, is: state }, left(length, intact))).toBe(
        state === is ? 'holds' : 'fails',
      );
  });

  test('must be one of those that were looked for', () => {
    expect(outcome({ ...survivor, file: 'other', is: 'whole' }, left(8, 8))).toBe('no-evidence');
    expect(outcome({ ...survivor, variant: 'volatile', is: 'whole' }, left(8, 8))).toBe(
      'no-evidence',
    );
  });
});

describe('a runtime', () => {
  const given = evidence(
    [],
    [],
    [
      runtime('1.7.24', [form('right', 'applied'), form('wrong', 'ignored', ['unknown key x'])]),
      runtime('1.70.1', [form('right', 'refused')]),
    ],
  );
  const asked = {
    kind: 'runtime',
    runtime: 'containerd',
    versions: ['1.7'],
    experiment: 'forms',
  } as const;

  test.each([
    [{ where: { form: 'right' }, field: 'outcome', is: 'applied' }, 'holds'],
    [{ field: 'outcome', is: 'applied' }, 'fails'],
    [{ where: { form: 'right' }, field: 'says', is: [] }, 'holds'],
    [{ where: { form: 'wrong' }, field: 'says', contains: 'unknown key' }, 'holds'],
    [{ where: { form: 'wrong' }, field: 'says', contains: 'Unknown' }, 'fails'],
    [{ where: { form: 'right' }, field: 'form', sameAs: 'about' }, 'holds'],
    [{ where: { form: 'right' }, field: 'form', sameAs: 'outcome' }, 'fails'],
    [{ where: { form: 'right' }, field: 'form', sameAs: 'nowhere' }, 'fails'],
    [{ where: { form: 'right' }, field: 'nowhere', is: null }, 'no-evidence'],
    [{ where: { form: 'other' }, field: 'outcome', is: 'applied' }, 'no-evidence'],
    [{ versions: ['1.7', '2.1'], field: 'form', is: 'x', not: true }, 'no-evidence'],
    [{ experiment: 'restart', field: 'starts', is: true }, 'no-evidence'],
  ] as const)('%j %s', (question, answer) => {
    expect(outcome({ ...asked, ...question }, given)).toBe(answer);
  });
});

describe('an observation turned around', () => {
  const written: Written[] = [
    { kind: 'verdict', scenario: 'umount', is: 'skipped' },
    { kind: 'verdict', scenario: 'umount', is: 'kept', not: true },
    { kind: 'number', scenario: 'umount', variant: 'plain', metric: 'flushes', is: '>', than: 1 },
    {
      kind: 'number',
      scenario: 'umount',
      variant: 'volatile',
      metric: 'writes',
      is: '<=',
      than: { variant: 'plain' },
    },
  ];
  const count = fc.nat({ max: 4 });
  const numbers = fc.record({ flushes: count, writes: count });
  const runs: fc.Arbitrary<RecordedRun[]> = fc
    .array(fc.tuple(numbers, numbers), { maxLength: 4 })
    .map((pairs) =>
      pairs.flatMap(([plain, volatile], index) => [
        recorded({ series: `6.${index}`, ...plain }),
        recorded({ series: `6.${index}`, volatile: true, ...volatile }),
      ]),
    );

  test.each(written)('%j never holds beside itself', (one) => {
    const observation = observationSchema.parse(one);
    fc.assert(
      fc.property(runs, (rows) => {
        const given = evidence(rows);
        const straight = judge(claimOf(observation), given).outcome;
        const turned = judge(claimOf(turnAround(observation)), given).outcome;
        if (rows.length === 0) expect([straight, turned]).toEqual(['no-evidence', 'no-evidence']);
        else if (straight === 'holds') expect(turned).toBe('fails');
        else if (rows.length === 2) expect(turned).toBe('holds');
      }),
    );
  });

  test('twice is itself', () => {
    for (const one of written.map((row) => observationSchema.parse(row)))
      expect(turnAround(turnAround(one))).toEqual(one);
  });

  test('no further run makes a claim hold that failed', () => {
    const observation = observationSchema.parse({
      kind: 'verdict',
      scenario: 'umount',
      is: 'skipped',
    });
    fc.assert(
      fc.property(runs, fc.nat(), (rows, cut) => {
        const fewer = rows.slice(0, 2 * (cut % (rows.length / 2 + 1)));
        if (judge(claimOf(observation), evidence(fewer)).outcome === 'fails')
          expect(judge(claimOf(observation), evidence(rows)).outcome).toBe('fails');
      }),
    );
  });

  const claimOf = (observation: Observation) => ({
    id: 'it',
    en: 'It.',
    'zh-cn': '它。',
    observe: [observation],
  });
});

test('a claim fails with its first observation that does, and says why', () => {
  const claim = {
    id: 'it',
    en: 'It.',
    'zh-cn': '它。',
    observe: [
      observationSchema.parse({ kind: 'verdict', scenario: 'umount', is: 'skipped' }),
      observationSchema.parse({ kind: 'verdict', scenario: 'fsync', is: 'skipped' }),
    ],
  };
  const kept = recorded({ chosenBy: 'fsync', volatile: true, flushes: 1 });
  const both = evidence([...pair(), recorded({ chosenBy: 'fsync' }), kept]);
  expect(judge(claim, both)).toMatchObject({ outcome: 'fails', holds: false });
  expect(judge(claim, both).reasons).toHaveLength(1);
  expect(judge(claim, evidence(pair()))).toMatchObject({ outcome: 'no-evidence', holds: false });
});
