/** The same answers as a table, one operation a row. */
import type { Comparison } from '../evidence/verdict.ts';
import { evidenceFor, type Evidence } from './evidence.ts';
import { existsOn, pathOf, type Question } from './path.ts';
import type { Path, State, SyncModel } from './types.ts';

/** The least and the most that was counted; undefined where nothing was measured. */
export type Counted = readonly [least: number, most: number] | undefined;

export interface TableRow {
  operation: string;
  path: Path;
  state: State;
  evidence: Evidence;
  /** Flush requests without the option (`fsync=strict` where that is the setting) and with it. */
  flushes: { plain: Counted; volatile: Counted };
  /** How long the caller waited, seconds. */
  seconds: { plain: Counted; volatile: Counted };
}

/** What a table can be sorted by. */
export type SortKey = 'order' | 'name' | 'state' | 'gate' | 'plain' | 'volatile' | 'evidence';

const STATES: readonly State[] = ['skipped', 'partly', 'kept', 'not-affected'];
const KINDS: readonly Evidence['kind'][] = ['measured', 'read', 'cited', 'inferred'];

/** Every operation that the file system has, in the order of the model. */
export function tableRows(
  model: SyncModel,
  question: Omit<Question, 'operation'>,
  comparisons: readonly Comparison[],
): TableRow[] {
  return model.operations
    .filter((operation) => existsOn(operation, question.filesystem ?? 'ext4'))
    .map(({ id }) => {
      const asked = { ...question, operation: id };
      const path = pathOf(model, asked);
      const evidence = evidenceFor(model, asked, comparisons);
      const counted = (variant: 'plain' | 'volatile', what: 'flushes' | 'seconds'): Counted => {
        if (evidence.kind !== 'measured') return undefined;
        const counts = evidence.pairs.map((pair) => pair[variant][what]);
        return [Math.min(...counts), Math.max(...counts)];
      };
      return {
        operation: id,
        path,
        state: path.state,
        evidence,
        flushes: { plain: counted('plain', 'flushes'), volatile: counted('volatile', 'flushes') },
        seconds: { plain: counted('plain', 'seconds'), volatile: counted('volatile', 'seconds') },
      };
    });
}

/**
 * Rows by a key, the order of the model among equals; rows without a value come last both ways.
 *
 * @param names of operations as they are shown, for the key `name`
 * @param locale a language tag, for the order of names
 */
export function sortRows(
  rows: readonly TableRow[],
  key: SortKey,
  descending: boolean,
  names: Readonly<Record<string, string>>,
  locale: string,
): TableRow[] {
  if (key === 'order') return descending ? rows.toReversed() : [...rows];
  const value = (row: TableRow): string | number | undefined => {
    if (key === 'name') return names[row.operation];
    if (key === 'state') return STATES.indexOf(row.state);
    if (key === 'gate') return row.path.gate?.name;
    if (key === 'evidence') return KINDS.indexOf(row.evidence.kind);
    return row.flushes[key]?.[1];
  };
  const direction = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    return (
      direction *
      (typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), locale))
    );
  });
}
