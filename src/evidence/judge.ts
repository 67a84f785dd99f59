/** Holds claims against evidence. */
import type { Claim, Observation } from './claims.ts';
import { observe, type Evidence, type EvidenceRow } from './observe.ts';

/**
 * - `holds`: every row that an observation selects answers as it must.
 * - `fails`: one does not.
 * - `no-evidence`: none contradicts, but something that decides was not measured.
 */
export type Outcome = 'holds' | 'fails' | 'no-evidence';

export interface ObservationJudgement {
  observation: Observation;
  outcome: Outcome;
  rows: EvidenceRow[];
  /** What the evidence lacks, in words. */
  missing: string[];
}

export interface Judgement {
  claim: Claim;
  outcome: Outcome;
  /** Whether the evidence carries the claim. */
  holds: boolean;
  /** Why it does not, one sentence each; empty when it does. */
  reasons: string[];
  observations: ObservationJudgement[];
}

export function judge(claim: Claim, evidence: Evidence): Judgement {
  const observations = claim.observe.map((observation) => judgeOne(observation, evidence));
  const outcomes = observations.map(({ outcome }) => outcome);
  const outcome: Outcome = outcomes.includes('fails')
    ? 'fails'
    : outcomes.includes('no-evidence')
      ? 'no-evidence'
      : 'holds';
  return {
    claim,
    outcome,
    holds: outcome === 'holds',
    reasons: observations.flatMap(reasonsOf),
    observations,
  };
}

function judgeOne(observation: Observation, evidence: Evidence): ObservationJudgement {
  const { rows, missing } = observe(observation, evidence);
  const outcome: Outcome = rows.some(({ holds }) => !holds)
    ? 'fails'
    : rows.length === 0 || missing.length > 0
      ? 'no-evidence'
      : 'holds';
  return { observation, outcome, rows, missing };
}

function reasonsOf({ observation, outcome, rows, missing }: ObservationJudgement): string[] {
  if (outcome === 'holds') return [];
  if (outcome === 'no-evidence')
    return [`${question(observation)}: no evidence (${missing.join('; ') || 'nothing selected'})`];
  return rows
    .filter(({ holds }) => !holds)
    .map((row) => `${question(observation)}: ${sayRow(row)}; again: ${row.command}`);
}

/** What an observation wants, in a few words. */
export function question(observation: Observation): string {
  const never = observation.not === true ? 'not ' : '';
  switch (observation.kind) {
    case 'verdict':
      return `wants ${never}${observation.is}`;
    case 'number':
      return `wants ${never}${observation.metric} ${observation.is} ${sayLimit(observation)}`;
    case 'call': {
      const { superblock, within, takes } = observation;
      const on = superblock === undefined ? '' : ` on the ${superblock} superblock`;
      const inside = within === undefined ? '' : ` inside ${within}`;
      const long = takes === undefined ? '' : ` for ${takes} of the time`;
      return `wants ${never === '' ? 'a' : 'no'} call of ${observation.function}${on}${inside}${long}`;
    }
    case 'probe': {
      const { answers, prints, logs } = observation;
      if (answers !== undefined) return `wants ${never}${answers}`;
      return `wants ${never}${prints === undefined ? `logged ${String(logs)}` : `printed ${prints}`}`;
    }
    case 'survivor':
      return `wants ${observation.file} ${never}${observation.is}`;
    case 'runtime': {
      const { field, is, contains, sameAs } = observation;
      if (contains !== undefined) return `wants ${field} ${never}with ${contains}`;
      return `wants ${field} ${never}${sameAs ?? JSON.stringify(is)}`;
    }
  }
}

function sayLimit({ than, times, within }: Extract<Observation, { kind: 'number' }>): string {
  const factor = times === undefined ? '' : `${times} × `;
  const other =
    typeof than === 'object' ? Object.values(than).filter(Boolean).join(' ') : String(than);
  return `${factor}${other}${within === undefined ? '' : ` within ${within}`}`;
}

/** One row in a line: what was looked at, and what was observed there. */
function sayRow({ on, runs, what, numbers, words }: EvidenceRow): string {
  const where = 'runtime' in on ? `${on.runtime} ${on.version} ` : '';
  const quantities = numbers.map(({ name, variant, value }) =>
    [variant, name, String(Number(value.toPrecision(6)))].filter(Boolean).join(' '),
  );
  const observed = [...words.map((line) => `"${line}"`), ...quantities].join(', ');
  return `${where}${runs.join(' and ')}${what === '' ? '' : ` (${what})`}: ${observed}`;
}
