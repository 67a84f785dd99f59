/**
 * Where the lines of the picture run. Across in percent of its width, down in rows: the picture is
 * stretched to any size, and what it says stands in the rows beside it.
 */
import type { Path, PathStep } from '../../sync-paths/types.ts';
import type { Group } from './groups.ts';

/** Stations from left to right, percent. */
export const X = { start: 0, gate: 26, fan: 34, trunk: 64, disk: 99.5, memory: 34 } as const;

/** Heights in rows; the style sheet gives the list beside the picture the same ones. */
export const HEAD = 1.25;
const GROUP = 0.75;
const APART = 0.5;
/** Between two lines of a bundle. */
const LANE = 0.15;

/** How the way of one operation is drawn. */
export interface Strand {
  operation: string;
  /** Where its row is. */
  y: number;
  /** Where it runs from the trunk on; its own row for a way of its own. */
  lane: number;
  /** `closed`: the demand to sync ends here; `overruled`: it says no and is not obeyed. */
  gate: 'none' | 'open' | 'closed' | 'overruled';
  /** How far it gets. */
  reach: number;
  /** How far there is anything of it at all: what lies between is drawn as a ghost. */
  whole: number;
  /** Whether data still goes to the disk behind a closed gate. */
  writes: boolean;
}

/** A place where ways meet, or the end of one that nobody shares. */
export interface Trunk {
  id: string;
  leaf: PathStep;
  shared: boolean;
  /** Its lanes, first and last. */
  from: number;
  to: number;
  /** Ways that lead here, and those that are taken. */
  all: number;
  taken: number;
}

/** What stands above the rows of a group, where its gate is; a group without a way has none. */
export interface Heading {
  group: string;
  gate: string | undefined;
  y: number;
}

export interface Picture {
  /** In rows. */
  height: number;
  headings: Heading[];
  /** The rows that lead nowhere near the disk, first and last. */
  nowhere: readonly [number, number] | undefined;
  strands: Strand[];
  trunks: Trunk[];
}

/** Lays the groups out. */
export function picture(groups: readonly Group[]): Picture {
  let y = HEAD;
  const headings: Heading[] = [];
  const rows = groups.flatMap((group, i) => {
    if (i > 0 && apart(groups[i - 1], group)) y += APART;
    if (group.ends) headings.push({ group: group.id, gate: group.gate?.name, y: y + GROUP / 2 });
    y += GROUP;
    return group.paths.map((path) => {
      y += 1;
      return { path, y: y - 0.5, shared: group.trunk !== undefined };
    });
  });

  const trunks: Trunk[] = [];
  const strands = rows.map(({ path, y: row, shared }): Strand => {
    const together = shared
      ? rows.filter(({ path: { leaf } }) => leaf?.id === path.leaf?.id)
      : [{ path, y: row }];
    const [first = row, last = row] = [together[0]?.y, together.at(-1)?.y];
    const place = together.findIndex((other) => other.path === path);
    const lane = (first + last) / 2 + (place - (together.length - 1) / 2) * LANE;
    if (path.leaf !== undefined) {
      const known = trunks.find(({ id }) => id === path.leaf?.id);
      const taken = path.reachesDisk ? 1 : 0;
      if (known === undefined)
        trunks.push({
          id: path.leaf.id,
          leaf: path.leaf,
          shared,
          from: lane,
          to: lane,
          all: 1,
          taken,
        });
      else {
        known.to = lane;
        known.all += 1;
        known.taken += taken;
      }
    }
    return {
      operation: path.operation,
      y: row,
      lane,
      gate: gateOf(path),
      reach: reachOf(path),
      whole: path.leaf === undefined ? X.memory : X.disk,
      writes: !path.reachesDisk && path.state === 'partly' && path.setting === 'volatile',
    };
  });
  const nowhere = strands.filter(({ whole }) => whole < X.disk).map((strand) => strand.y);
  const [first, last = first] = [nowhere[0], nowhere.at(-1)];
  return {
    height: y,
    headings,
    nowhere: first === undefined || last === undefined ? undefined : [first, last],
    strands,
    trunks,
  };
}

/** Whether room stands between two groups: they do not end in the same place. */
export const apart = (above: Group | undefined, below: Group): boolean =>
  above !== undefined && above.id.split('/')[0] !== below.id.split('/')[0];

function gateOf({ gate }: Path): Strand['gate'] {
  if (gate === undefined) return 'none';
  if (gate.overruled) return 'overruled';
  return gate.state === 'gate-stops' ? 'closed' : 'open';
}

function reachOf({ leaf, reachesDisk }: Path): number {
  if (leaf === undefined) return X.memory;
  return reachesDisk ? X.disk : X.gate;
}

/** A change of the mount: the picture before and after. */
export interface Flip {
  before: Picture;
  after: Picture;
}

/** A moment of a flip, by operation. */
export type Moment = Readonly<Record<string, { reach: number; shut: number }>>;

/**
 * A flip at a moment: how far each line gets, and how far its gate is shut (0 open, 1 closed). Only
 * what changes moves; an operation that the picture before does not have is there at once.
 *
 * @param t from 0 to 1
 */
export function frame({ before, after }: Flip, t: number): Moment {
  const old = new Map(before.strands.map((strand) => [strand.operation, strand]));
  // Fast at first: what the reader did shows at once.
  const eased = 1 - (1 - t) ** 3;
  const between = (from: number, to: number): number => from + (to - from) * eased;
  return Object.fromEntries(
    after.strands.map((strand) => {
      const was = old.get(strand.operation) ?? strand;
      return [
        strand.operation,
        {
          reach: between(was.reach, strand.reach),
          shut: between(was.gate === 'closed' ? 1 : 0, strand.gate === 'closed' ? 1 : 0),
        },
      ];
    }),
  );
}

const round = (value: number): string => String(Math.round(value * 1000) / 1000);

/** Points of the bend from a row to its lane. */
function bend({ y, lane }: Strand): [number, number][] {
  const middle = (X.fan + X.trunk) / 2;
  return [
    [X.fan, y],
    [middle, y],
    [middle, lane],
    [X.trunk, lane],
  ];
}

/** A line of the picture from its row to where it gets, as path data. */
export function solid(strand: Strand, reach = strand.reach): string {
  const start = `M${round(X.start)} ${round(strand.y)}`;
  const hop =
    strand.gate === 'overruled' && reach > X.gate
      ? `H${round(X.gate - 3)}C${round(X.gate - 1)} ${round(strand.y)} ${round(X.gate - 2)} ${round(strand.y - 0.62)} ${round(X.gate)} ${round(strand.y - 0.62)}S${round(X.gate + 1)} ${round(strand.y)} ${round(X.gate + 3)} ${round(strand.y)}`
      : '';
  return `${start}${hop}${rest(strand, reach)}`;
}

/** What is left of a line behind a gate that is shut. */
export function ghost(strand: Strand): string {
  return `M${round(X.gate)} ${round(strand.y)}${rest(strand, strand.whole)}`;
}

/** From the gate on, as far as `reach`. */
function rest(strand: Strand, reach: number): string {
  if (reach <= X.fan || strand.y === strand.lane) return `H${round(reach)}`;
  const points = bend(strand);
  const curve = reach >= X.trunk ? points : cut(points, reach);
  const [, a, b, c] = curve.map(([x, y]) => `${round(x)} ${round(y)}`);
  const tail = reach > X.trunk ? `H${round(reach)}` : '';
  return `H${round(X.fan)}C${a ?? ''} ${b ?? ''} ${c ?? ''}${tail}`;
}

/** The beginning of a cubic curve that runs to the right, as far as `x` (de Casteljau). */
function cut(points: [number, number][], x: number): [number, number][] {
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i += 1) {
    const middle = (low + high) / 2;
    if ((split(points, middle).at(-1)?.[0] ?? 0) < x) low = middle;
    else high = middle;
  }
  return split(points, high);
}

/** Control points of a curve's part from its beginning to `t`. */
function split(points: [number, number][], t: number): [number, number][] {
  const kept: [number, number][] = [];
  let level = points;
  while (level.length > 0) {
    const [first] = level;
    if (first) kept.push(first);
    level = level.slice(1).map(([x, y], i): [number, number] => {
      const [px, py] = level[i] ?? [x, y];
      return [px + (x - px) * t, py + (y - py) * t];
    });
  }
  return kept;
}
