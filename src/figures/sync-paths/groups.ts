/** The order of the picture's rows: by the trunk that they end in, then by the gate they meet. */
import type { Path, PathStep } from '../../sync-paths/types.ts';

/** Rows that stand together: they end in the same place and are asked by the same gate. */
export interface Group {
  /** Unique among the groups of a picture. */
  id: string;
  /** The step that several operations end in; undefined for ways of their own and for none. */
  trunk: PathStep | undefined;
  /** The gate that they meet; undefined where there is none on their way. */
  gate: PathStep | undefined;
  /** Whether they end in a leaf at all. */
  ends: boolean;
  paths: Path[];
}

/** From the gate that most ways of a trunk meet outwards. */
const GATES = [
  'ovl_sync_status',
  'ovl_should_sync',
  'ovl_should_sync_metadata',
  'sb_rdonly',
  undefined,
] as const;

/**
 * Groups in an order in which no two lines of the picture cross: trunks as the model first reaches
 * them, then ways of their own, then those that reach nothing. The first trunk has its gates the
 * other way round, so that the gate which both trunks share is one.
 */
export function groupsOf(paths: readonly Path[]): Group[] {
  const ends = new Map<string, number>();
  for (const { leaf } of paths) if (leaf) ends.set(leaf.id, (ends.get(leaf.id) ?? 0) + 1);
  const trunks = [...ends].filter(([, count]) => count > 1).map(([id]) => id);

  const ranked = paths.map((path, order) => {
    const { leaf, gate } = path;
    const place = leaf === undefined ? -1 : trunks.indexOf(leaf.id);
    const trunk = place >= 0 ? place : trunks.length + (leaf === undefined ? 1 : 0);
    const known = GATES.findIndex((id) => id === gate?.id);
    const rank = known < 0 ? GATES.length : known;
    return {
      path,
      trunk,
      rank: [
        trunk,
        trunk === 0 ? -rank : rank,
        path.state === 'kept' ? 0 : 1,
        copiesUp(path),
        order,
      ],
    };
  });
  ranked.sort((a, b) => {
    const first = a.rank.findIndex((part, i) => part !== b.rank[i]);
    return (a.rank[first] ?? 0) - (b.rank[first] ?? 0);
  });

  const groups: Group[] = [];
  for (const { path, trunk } of ranked) {
    const shared = trunk < trunks.length;
    const id = [shared ? trunks[trunk] : path.leaf ? 'own' : 'none', path.gate?.id ?? ''].join('/');
    const last = groups.at(-1);
    if (last?.id === id) last.paths.push(path);
    else
      groups.push({
        id,
        trunk: shared ? path.leaf : undefined,
        gate: path.gate,
        ends: path.leaf !== undefined,
        paths: [path],
      });
  }
  return groups;
}

/** Copy-ups stand last: `fsync=strict` has them asked by the gate that follows. */
const copiesUp = ({ steps }: Path): number =>
  steps.some(({ id }) => id.startsWith('ovl_copy_up')) ? 1 : 0;
