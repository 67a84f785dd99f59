import { describe, expect, test } from 'vitest';
import { dropIns, forms } from '../../../lab/runtimes/forms.ts';
import { SCENARIOS } from '../../../lab/scenarios/index.ts';
import { durations, counts, whereSeen } from '../../../src/build/lab-words.ts';
import type { Judgement } from '../../../src/evidence/judge.ts';
import type { Measured, RecordedRun, Survivor } from '../../../src/evidence/measured.ts';
import { loadRuntimeBehaviour } from '../../../src/evidence/load.ts';
import type { RuntimeBehaviour } from '../../../src/evidence/runtime-behaviour.ts';
import {
  familyOf,
  gridOf,
  namePlaces,
  operationsOf,
  placesOf,
  powerCuts,
  questionsOf,
  remainsOf,
  shortMount,
  umountSeries,
} from '../../../src/evidence/summary.ts';
import {
  CASE_PARTS,
  claimsTable,
  powerCutsTable,
  probesTable,
  runsTable,
  runtimeTable,
  tableCsv,
  tableJson,
  triedIn,
  umountSeriesTable,
  verdictsTable,
} from '../../../src/evidence/tables.ts';
import { locales, ui } from '../../../src/i18n.ts';
import { containerd, form, powerCut, probe, recorded, runtime } from './made-up.ts';

type Place = [filesystem: RecordedRun['filesystem'], series: string];

/** A run at a place; `umount-64` is chosen as `umount`. */
const run = (
  [filesystem, series]: Place,
  scenario: string,
  more: Parameters<typeof recorded>[0],
): RecordedRun =>
  recorded({ filesystem, series, scenario, chosenBy: scenario.replace(/-\d+$/, ''), ...more });

const both = (place: Place, scenario: string, more: Partial<RecordedRun> = {}): RecordedRun[] => [
  run(place, scenario, { volatile: false }),
  run(place, scenario, { ...more, volatile: true }),
];

const kept = { flushes: 2, writes: 3, seconds: 3.1 };

const measured = (...runs: Measured['runs']): Measured => ({ schema: 1, runs });

describe('places', () => {
  const places = (...all: Place[]) =>
    placesOf(all.map(([filesystem, series]) => ({ filesystem, kernel: { series } })));
  const all: Place[] = [
    ['btrfs', '6.12'],
    ['ext4', '6.12'],
    ['ext4', '6.1'],
    ['xfs', '6.1'],
    ['xfs', '6.12'],
    ['ext4', '5.10'],
  ];

  test('stand in the order of file systems and of versions', () => {
    expect(places(...all)).toEqual([
      { filesystem: 'ext4', series: ['5.10', '6.1', '6.12'] },
      { filesystem: 'xfs', series: ['6.1', '6.12'] },
      { filesystem: 'btrfs', series: ['6.12'] },
    ]);
  });

  test.each<[string, Place[], string]>([
    ['everywhere', all, ''],
    [
      'all of a file system',
      [
        ['xfs', '6.1'],
        ['xfs', '6.12'],
      ],
      'xfs',
    ],
    ['some of it', [['ext4', '6.1']], 'ext4 6.1'],
    [
      'two of them',
      [
        ['btrfs', '6.12'],
        ['ext4', '5.10'],
        ['ext4', '6.12'],
      ],
      'ext4 5.10, 6.12; btrfs',
    ],
  ])('are named in few words: %s', (_, seen, words) => {
    expect(namePlaces(places(...seen), places(...all))).toBe(words);
  });

  test('are the kernels alone where all file systems have the same', () => {
    const square = places(['ext4', '6.1'], ['ext4', '7.2'], ['xfs', '6.1'], ['xfs', '7.2']);
    expect(namePlaces(places(['ext4', '7.2'], ['xfs', '7.2']), square)).toBe('7.2');
  });

  test('are said in both languages where they are not all', () => {
    expect(whereSeen('kept', places(['xfs', '6.1']), places(...all), 'en')).toBe('kept on xfs 6.1');
    expect(whereSeen('跳过', places(['btrfs', '6.12']), places(...all), 'zh-cn')).toBe(
      'btrfs：跳过',
    );
    expect(whereSeen('kept', places(...all), places(...all), 'en')).toBe('kept');
  });
});

describe('operations', () => {
  const evidence = measured(
    ...both(['xfs', '6.12'], 'write-osync-8', kept),
    ...both(['ext4', '6.12'], 'umount-64'),
    ...both(['btrfs', '6.12'], 'umount-64', { flushes: 0, writes: 7, seconds: 0.5 }),
    ...both(['ext4', '5.10'], 'umount-64'),
    ...both(['ext4', '6.12'], 'umount-scale-64'),
    run(['ext4', '7.2'], 'umount-64', { volatile: false }),
  );
  const operations = operationsOf(evidence);

  test('come by family, without those that were measured one way only and without the series', () => {
    expect(operations.map(({ scenario, family }) => [family, scenario])).toEqual([
      ['umount', 'umount-64'],
      ['write', 'write-osync-8'],
    ]);
    expect(operations[0]?.comparisons.map(({ plain }) => plain.id)).toEqual([
      '5.10-ext4-umount-64-plain',
      '6.12-ext4-umount-64-plain',
      '6.12-btrfs-umount-64-plain',
    ]);
  });

  test('tell every verdict with its places, the most frequent first', () => {
    expect(operations[0]?.verdicts).toEqual([
      { verdict: 'skipped', places: [{ filesystem: 'ext4', series: ['5.10', '6.12'] }] },
      { verdict: 'partly', places: [{ filesystem: 'btrfs', series: ['6.12'] }] },
    ]);
    expect(operations[1]?.verdicts.map(({ verdict }) => verdict)).toEqual(['kept']);
  });

  test('have ranges, said with one unit where both ends have it', () => {
    expect(operations[0]?.seconds).toEqual({ plain: [3.3, 3.3], volatile: [0.001, 0.5] });
    expect(operations[0]?.flushes).toEqual({ plain: [2, 2], volatile: [0, 0] });
    expect(durations([3.3, 3.3], 'en')).toBe('3.30\u00a0s');
    expect(durations([3.3, 4.471], 'en')).toBe('3.30–4.47\u00a0s');
    expect(durations([0.441, 1.5], 'zh-cn')).toBe('441\u00a0毫秒 – 1.50\u00a0秒');
    expect(counts([2, 8])).toBe('2–8');
    expect(counts([2, 2])).toBe('2');
  });

  test('the grid holds every kernel and file system, one way or both', () => {
    expect(gridOf(evidence)).toEqual({
      series: ['5.10', '6.12', '7.2'],
      filesystems: ['ext4', 'xfs', 'btrfs'],
    });
  });

  test('none at all is no error', () => {
    expect([operationsOf(measured()), umountSeries(measured()), powerCuts(measured())]).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('the words of the page', () => {
  test.each(locales)('%s has a name for every scenario of the lab', (locale) => {
    const strings = ui('lab', locale);
    const names: Record<'recorded' | 'power-cut' | 'probe', object> = {
      recorded: strings.operations,
      'power-cut': strings.cuts.names,
      probe: strings.probes.captions,
    };
    // The series against the size has a chart of its own.
    const unnamed = SCENARIOS.filter(({ name }) => name !== 'umount-scale').filter(
      ({ kind, name }) => !Object.hasOwn(names[kind], name),
    );
    expect(unnamed.map(({ name }) => name)).toEqual([]);
  });

  test.each(locales)('%s has a name for every probe', (locale) => {
    const { labels } = ui('lab', locale).probes;
    const unnamed = SCENARIOS.flatMap((scenario) =>
      scenario.kind === 'probe' ? scenario.probes.map(({ label }) => label) : [],
    ).filter((label) => !Object.hasOwn(labels, label));
    expect(unnamed).toEqual([]);
  });

  test.each(locales)('%s has a name for everything tried on runtimes', async (locale) => {
    const { cases, captions, outcomes } = ui('lab', locale).runtimes;
    const ids = [...forms.map(({ id }) => id), ...dropIns.map(({ id }) => id)];
    expect(ids.filter((id) => !Object.hasOwn(cases, id))).toEqual([]);

    const { results } = await loadRuntimeBehaviour();
    const tried = results.flatMap(triedIn);
    // Commands, settings and numbers are the same in every language.
    const code = /^(\d+$|ctr |CRI |config |podman |buildah |mountopt |diff-service |image_pull)/;
    const unnamed = tried
      .flatMap((one) => one.case.split(CASE_PARTS))
      .filter((part) => !Object.hasOwn(cases, part) && !code.test(part));
    expect([...new Set(unnamed)]).toEqual([]);
    const experiments = results.map(({ experiment }) => experiment);
    expect(experiments.filter((name) => !Object.hasOwn(captions, name))).toEqual([]);
    const words = tried
      .filter(({ result }) => result.experiment !== 'config-commands')
      .flatMap(({ outcome }) => (typeof outcome === 'string' ? outcome : []));
    expect(words.filter((word) => !Object.hasOwn(outcomes, word))).toEqual([]);
  });

  test('every operation has a family', () => {
    const lost = SCENARIOS.filter(
      ({ kind, name }) => kind === 'recorded' && name !== 'umount-scale',
    )
      .map(({ name }) => name)
      .filter((name) => familyOf(name) === 'other');
    expect(lost).toEqual([]);
  });
});

test('umount against its dirty data stands by size', () => {
  const size = (mib: number) =>
    both(['ext4', '6.12'], `umount-scale-${mib}`).map((run) => ({ ...run, dirtyMiB: mib }));
  const evidence = measured(...size(128), ...size(0), ...size(32));
  expect(umountSeries(evidence)[0]?.points.map(({ mib }) => mib)).toEqual([0, 32, 128]);
  expect(umountSeriesTable(evidence).rows.map((row) => row.slice(0, 5))).toEqual([
    ['6.12', 'ext4', 0, 3.3, 0.001],
    ['6.12', 'ext4', 32, 3.3, 0.001],
    ['6.12', 'ext4', 128, 3.3, 0.001],
  ]);
});

describe('power cuts', () => {
  const MIB = 1024 * 1024;
  const cut = ([filesystem, series]: Place, volatile: boolean, survivor: Partial<Survivor>) =>
    powerCut([{ file: 'written', bytes: 8 * MIB, length: 8 * MIB, intact: 8 * MIB, ...survivor }], {
      filesystem,
      series,
      volatile,
      remount: { status: volatile ? 255 : 0 },
    });
  const evidence = measured(
    cut(['ext4', '6.12'], false, {}),
    cut(['xfs', '6.12'], false, {}),
    cut(['ext4', '6.12'], true, { length: 0, intact: 0 }),
    cut(['xfs', '6.12'], true, { intact: 2 * MIB }),
  );

  test.each<[Partial<Survivor>, string]>([
    [{}, 'whole'],
    [{ length: 9 }, 'part'],
    [{ intact: 1 }, 'part'],
    [{ intact: 0 }, 'lost'],
    [{ length: 0, intact: 0 }, 'empty'],
    [{ length: null, intact: 0 }, 'missing'],
  ])('%j is %s', (survivor, remains) => {
    expect(remainsOf({ file: 'f', bytes: 8, length: 8, intact: 8, ...survivor })).toBe(remains);
  });

  test('what is left stands once for all places where it is the same', () => {
    const [one] = powerCuts(evidence);
    expect(one?.plain.files).toEqual([
      {
        file: 'written',
        remains: 'whole',
        bytes: 8 * MIB,
        intact: [8 * MIB, 8 * MIB],
        places: [
          { filesystem: 'ext4', series: ['6.12'] },
          { filesystem: 'xfs', series: ['6.12'] },
        ],
      },
    ]);
    expect(one?.volatile.files.map(({ remains, places }) => [remains, places.length])).toEqual([
      ['empty', 1],
      ['part', 1],
    ]);
    expect(one?.volatile.remounts.map(({ works }) => works)).toEqual([false]);
  });

  test('are a table with one file a row', () => {
    const { columns, rows } = powerCutsTable(evidence);
    const at = columns.findIndex(({ name }) => name === 'remains');
    expect(rows.map((row) => row[at])).toEqual(['whole', 'whole', 'empty', 'part']);
  });
});

describe('answers of the kernel', () => {
  const line = (option: string) =>
    `overlay /mnt/m overlay rw,relatime,lowerdir=/l,upperdir=/u,workdir=/w${option} 0 0`;
  const mounted = ([filesystem, series]: Place, option: string) =>
    probe(
      'volatile',
      { out: [line(option)], dmesg: ['EXT4-fs (vda): mounted 504c', 'overlayfs: something'] },
      { filesystem, series, chosenBy: 'options' },
    );
  const evidence = measured(
    mounted(['ext4', '7.2'], ',fsync=volatile'),
    mounted(['xfs', '7.2'], ',fsync=volatile'),
    mounted(['ext4', '5.10'], ',volatile'),
  );

  test('mounts are shown by their options', () => {
    expect(shortMount(line(',volatile'))).toBe('rw,relatime,volatile');
    expect(shortMount('mount: permission denied')).toBe('mount: permission denied');
  });

  test('equal answers stand once, those of older kernels first', () => {
    const [question] = questionsOf(evidence, 'options');
    expect(question?.answers).toEqual([
      {
        status: 0,
        out: ['rw,relatime,volatile'],
        dmesg: ['overlayfs: something'],
        places: [{ filesystem: 'ext4', series: ['5.10'] }],
      },
      {
        status: 0,
        out: ['rw,relatime,fsync=volatile'],
        dmesg: ['overlayfs: something'],
        places: [
          { filesystem: 'ext4', series: ['7.2'] },
          { filesystem: 'xfs', series: ['7.2'] },
        ],
      },
    ]);
    expect(questionsOf(evidence, 'reuse')).toEqual([]);
  });

  test('the table has all lines', () => {
    const { columns, rows } = probesTable(evidence);
    const of = (name: string) => rows[0]?.[columns.findIndex((column) => column.name === name)];
    expect(of('printed')).toBe(line(',fsync=volatile'));
    expect(of('kernel_log')).toBe('EXT4-fs (vda): mounted 504c\noverlayfs: something');
  });
});

describe('tables', () => {
  const evidence = measured(
    ...both(['ext4', '6.12'], 'umount-64'),
    ...both(['xfs', '6.12'], 'write-osync-8', kept),
  );

  test('say the verdict beside what it rests on', () => {
    const { columns, rows } = verdictsTable(evidence);
    const of = (row: number, name: string) =>
      rows[row]?.[columns.findIndex((column) => column.name === name)];
    expect([of(0, 'verdict'), of(0, 'plain_flushes'), of(0, 'volatile_flushes')]).toEqual([
      'skipped',
      2,
      0,
    ]);
    expect([of(1, 'verdict'), of(1, 'volatile_run')]).toEqual([
      'kept',
      '6.12-xfs-write-osync-8-volatile',
    ]);
  });

  test('have as many fields in each line as columns, and the same in JSON', () => {
    const table = runsTable(evidence);
    expect(new Set(table.rows.map((row) => row.length))).toEqual(new Set([table.columns.length]));
    const names = table.columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(tableCsv(table).split('\r\n')[0]).toBe(names.map((name) => `"${name}"`).join());
    const json = JSON.parse(tableJson(table)) as {
      table: string;
      columns: { name: string; about: string }[];
      rows: Record<string, unknown>[];
    };
    expect(json.table).toBe('measured');
    expect(json.columns.every(({ about }) => about !== '')).toBe(true);
    expect(json.rows[0]).toMatchObject({
      id: '6.12-ext4-umount-64-plain',
      seconds: 3.3,
      dirty_before_kib: 65536,
      guest_commands: 'mount\nrecorder run',
    });
  });

  test('without rows keep their header', () => {
    expect(tableCsv(verdictsTable(measured()))).toMatch(/^"kernel",.*\r\n$/);
  });
});

describe('runtimes', () => {
  const behaviour: RuntimeBehaviour = {
    schema: 1,
    results: [
      runtime('1.7.24', [{ ...form('version-2', 'applied'), options: ['volatile', 'index=off'] }]),
      {
        ...containerd('1.7.24'),
        experiment: 'power-cut',
        findings: [
          {
            options: ['volatile'],
            syncOnPull: true,
            after: 'pull',
            layers: ['whole', 'whole'],
            seconds: 1,
            committed: 2,
            runs: true,
          },
        ],
      },
    ],
  };

  test('are one case a row, named by its parts', () => {
    expect(behaviour.results.flatMap(triedIn)).toMatchObject([
      { case: 'version-2', outcome: 'applied', then: null },
      { case: 'pull; volatile; sync on pull', outcome: 'whole', then: 'starts' },
    ]);
    const { columns, rows } = runtimeTable(behaviour);
    const at = columns.findIndex(({ name }) => name === 'options');
    expect(rows.map((row) => row[at])).toEqual(['volatile,index=off', 'volatile']);
  });
});

describe('claims', () => {
  const judgement: Judgement = {
    claim: {
      id: 'umount-skipped',
      en: 'It takes {plain}.',
      'zh-cn': '用 {plain}。',
      observe: [{ kind: 'verdict', scenario: ['umount'], is: 'skipped' }],
    },
    outcome: 'no-evidence',
    holds: false,
    reasons: [],
    observations: [
      {
        observation: { kind: 'verdict', scenario: ['umount'], is: 'skipped' },
        outcome: 'no-evidence',
        rows: [],
        missing: ['umount'],
      },
    ],
  };

  test('that nobody has measured have a row, too, with dots for the numbers', () => {
    const { columns, rows } = claimsTable([judgement]);
    const of = (name: string) => rows[0]?.[columns.findIndex((column) => column.name === name)];
    expect(rows).toHaveLength(1);
    expect([of('claim'), of('outcome'), of('en'), of('holds')]).toEqual([
      'umount-skipped',
      'no-evidence',
      'It takes ….',
      null,
    ]);
  });

  test('have what carries them, one thing a row', () => {
    const row = {
      on: { series: '6.12', kernel: '6.12.117', filesystem: 'ext4' },
      runs: ['6.12-ext4-umount-64-plain', '6.12-ext4-umount-64-volatile'],
      what: '',
      numbers: [{ name: 'seconds', variant: 'plain' as const, value: 3.3 }],
      words: ['skipped'],
      command: 'npm run lab',
      holds: true,
    };
    const [observed] = judgement.observations;
    if (observed === undefined) throw new Error('it has an observation');
    const held: Judgement = {
      ...judgement,
      outcome: 'holds',
      holds: true,
      observations: [{ ...observed, outcome: 'holds', rows: [row], missing: [] }],
    };
    const { columns, rows } = claimsTable([held]);
    const of = (name: string) => rows[0]?.[columns.findIndex((column) => column.name === name)];
    expect([of('en'), of('kernel'), of('runs'), of('numbers')]).toEqual([
      'It takes 3.30\u00a0s.',
      '6.12.117',
      '6.12-ext4-umount-64-plain 6.12-ext4-umount-64-volatile',
      'plain seconds 3.3',
    ]);
  });
});
