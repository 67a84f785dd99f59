/** What a run did, told from the name the boot script gave its files. */
export interface Scenario {
  /** Middle part of a recording's id: `umount-256-shallow-queue`. */
  scenario: string;
  filesystem: string;
  volatile: boolean;
  /** Dirty data prepared before the operation, MiB. */
  dirtyMiB: number;
  dirtyIn: 'overlay' | 'neighbour';
  /** Whether the run was made with the function tracer on. */
  traced: boolean;
  /** What the recorder calls the operation. */
  operation: string;
  /** Commands in the recorded machine, preparation first. */
  commands: string[];
  /** Why the importer leaves such runs out unless asked; undefined for those it takes. */
  leftOut?: string;
  /** Rank in the table; of two runs with the same id the lower one is kept. */
  rank: number;
}

interface Row {
  /** What stands before `-plain` or `-volatile`; `fs` and `mib` are read from named groups. */
  name: RegExp;
  scenario: (mib: number) => string;
  /** Dirty MiB where the name does not say; `sz` is the boot's own size, `lab.sz`, 64 by default. */
  mib: number | 'sz';
  dirtyIn?: 'neighbour';
  untraced?: true;
  operation: string;
  /** Last words of the recorder's command line; the file it fills is /mnt/m/f. */
  target: string;
  /** False where nothing is filled, or where the operation itself writes. */
  fill?: false;
  leftOut?: string;
  /** Commands between filling and the operation; `size` as in `mib`. */
  before?: (size: number, variant: string) => string[];
  /** vm.dirty_writeback_centisecs, dirty_ratio, dirty_background_ratio; LAZY_KNOBS by default. */
  knobs?: readonly [number, number, number];
}

/** Write-back never starts by itself, so that all dirty data is left for the operation. */
const LAZY_KNOBS = [0, 90, 80] as const;

const REPETITIVE = 'the same calls for every write';

/** One row per kind of run that the boot scripts make. */
const TABLE: readonly Row[] = [
  {
    name: /^umount$/,
    scenario: (n) => `umount-${n}`,
    mib: 'sz',
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^(?<fs>ext4|xfs)-umount$/,
    scenario: (n) => `umount-${n}`,
    mib: 'sz',
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^(?<fs>ext4|xfs)-umount_clean_overlay$/,
    scenario: (n) => `umount-clean-${n}`,
    mib: 'sz',
    dirtyIn: 'neighbour',
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^shallowq-umount(?<mib>\d+)$/,
    scenario: (n) => `umount-${n}-shallow-queue`,
    mib: 0,
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^shallowq-umount_foreign(?<mib>\d+)$/,
    scenario: (n) => `umount-clean-${n}-shallow-queue`,
    mib: 0,
    dirtyIn: 'neighbour',
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^stockwb-umount(?<mib>\d+)$/,
    scenario: (n) => `umount-${n}-stock-knobs`,
    mib: 0,
    operation: 'umount',
    target: '/mnt/m',
    knobs: [500, 20, 10],
    before: () => ['sleep 6'],
  },
  {
    name: /^scale-(?<mib>\d+)$/,
    scenario: (n) => `umount-scale-${n}`,
    mib: 0,
    untraced: true,
    operation: 'umount',
    target: '/mnt/m',
  },
  {
    name: /^remount_ro$/,
    scenario: (n) => `remount-ro-${n}`,
    mib: 'sz',
    operation: 'remount_ro',
    target: '/mnt/m',
  },
  {
    name: /^umount_after_ro$/,
    scenario: () => 'umount-after-remount-ro',
    mib: 0,
    fill: false,
    operation: 'umount',
    target: '/mnt/m',
    before: (size, variant) => [
      `recorder fill /mnt/m/f ${size}`,
      `recorder run /out remount_ro-${variant} remount_ro /mnt/m`,
      'rm /mnt/d/up/f',
    ],
  },
  {
    name: /^fsync$/,
    scenario: (n) => `fsync-${n}`,
    mib: 'sz',
    operation: 'fsync',
    target: '/mnt/m/f',
  },
  {
    name: /^(?<fs>ext4|xfs)-fsync$/,
    scenario: (n) => `fsync-${n}`,
    mib: 'sz',
    operation: 'fsync',
    target: '/mnt/m/f',
  },
  {
    name: /^syncfs$/,
    scenario: (n) => `syncfs-${n}`,
    mib: 'sz',
    operation: 'syncfs',
    target: '/mnt/m',
  },
  { name: /^sync$/, scenario: (n) => `sync-${n}`, mib: 'sz', operation: 'sync', target: '' },
  {
    name: /^x-fdatasync$/,
    scenario: (n) => `fdatasync-${n}`,
    mib: 16,
    operation: 'fdatasync',
    target: '/mnt/m/f',
  },
  {
    name: /^x-msync$/,
    scenario: (n) => `msync-${n}`,
    mib: 8,
    fill: false,
    operation: 'msync',
    target: '/mnt/m/s',
  },
  {
    name: /^x-sync_file_range$/,
    scenario: (n) => `sync-file-range-${n}`,
    mib: 16,
    operation: 'sync_file_range',
    target: '/mnt/m/f',
  },
  {
    name: /^osync$/,
    scenario: () => 'osync-16',
    mib: 0,
    fill: false,
    operation: 'osync',
    target: '/mnt/m/s 16',
    leftOut: REPETITIVE,
  },
  {
    name: /^(?<fs>ext4|xfs)-osync$/,
    scenario: () => 'osync-8',
    mib: 0,
    fill: false,
    operation: 'osync',
    target: '/mnt/m/s 8',
    leftOut: REPETITIVE,
  },
  {
    name: /^(?<fs>ext4|xfs)-rwf_dsync$/,
    scenario: () => 'rwf-dsync-8',
    mib: 0,
    fill: false,
    operation: 'rwf_dsync',
    target: '/mnt/m/s 8',
    leftOut: REPETITIVE,
  },
  {
    name: /^(?<fs>ext4|xfs)-rwf_sync$/,
    scenario: () => 'rwf-sync-8',
    mib: 0,
    fill: false,
    operation: 'rwf_sync',
    target: '/mnt/m/s 8',
    leftOut: REPETITIVE,
  },
  {
    name: /^(?<fs>ext4|xfs)-aio_osync$/,
    scenario: () => 'aio-osync-8',
    mib: 0,
    fill: false,
    operation: 'aio_osync',
    target: '/mnt/m/s 8',
    leftOut: REPETITIVE,
  },
  {
    name: /^copyup$/,
    scenario: () => 'copy-up',
    mib: 0,
    fill: false,
    operation: 'append',
    target: '/mnt/m/big',
    leftOut: 'the same calls for every page that is copied',
  },
];

/**
 * Knows a run by its name.
 *
 * @param name file name without extension, `shallowq-umount256-plain`
 * @param size dirty MiB of runs whose name does not say
 * @returns undefined for a name that no row of the table matches
 */
export function scenarioOf(name: string, size: number): Scenario | undefined {
  const parts = /^(.+)-(plain|volatile)$/.exec(name);
  if (parts === null) return undefined;
  const [, stem = '', variant = ''] = parts;
  for (const [rank, row] of TABLE.entries()) {
    const match = row.name.exec(stem);
    if (match === null) continue;
    const mib = match.groups?.['mib'] ?? (row.mib === 'sz' ? size : row.mib);
    const dirtyMiB = Number(mib);
    const dirtyIn = row.dirtyIn ?? 'overlay';
    const volatile = variant === 'volatile';
    return {
      scenario: row.scenario(dirtyMiB),
      filesystem: match.groups?.['fs'] ?? 'ext4',
      volatile,
      dirtyMiB,
      dirtyIn,
      traced: row.untraced !== true,
      operation: row.operation,
      commands: commandsOf(row, name, variant, dirtyMiB, size),
      leftOut: row.leftOut,
      rank,
    };
  }
  return undefined;
}

/** What the boot script ran for one recording, in order. */
function commandsOf(
  row: Row,
  name: string,
  variant: string,
  dirtyMiB: number,
  size: number,
): string[] {
  const [writeback, ratio, background] = row.knobs ?? LAZY_KNOBS;
  const volatile = variant === 'volatile' ? ',volatile' : '';
  const file = row.dirtyIn === 'neighbour' ? '/mnt/d/other/f' : '/mnt/m/f';
  const run = `recorder run /out ${name} ${row.operation} ${row.target}`.trimEnd();
  return [
    `sysctl vm.dirty_writeback_centisecs=${writeback} vm.dirty_ratio=${ratio} vm.dirty_background_ratio=${background}`,
    `mount -t overlay overlay -o lowerdir=/mnt/d/low,upperdir=/mnt/d/up,workdir=/mnt/d/work${volatile} /mnt/m`,
    ...(row.fill === false ? [] : [`recorder fill ${file} ${dirtyMiB}`]),
    ...(row.before?.(size, variant) ?? []),
    row.untraced === true ? `NOTRACE=1 ${run}` : run,
  ];
}
