/** Holds what the site says against what the lab measured: `npm run lab:check`. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { disagreements } from '../src/evidence/agreement.ts';
import type { Claim } from '../src/evidence/claims.ts';
import { loadClaims, loadEvidence } from '../src/evidence/claims.node.ts';
import { judge, type Judgement } from '../src/evidence/judge.ts';
import type { Evidence } from '../src/evidence/observe.ts';
import { filesystemsOf, kernelsOf, versionsOf } from '../src/evidence/wording.ts';
import { loadRecordings } from '../src/recording/load.ts';
import type { Recording } from '../src/recording/types.ts';
import { Refusal } from './refusal.ts';

const USAGE = `usage: npm run lab:check -- [--facts DIR] [--recordings DIR] [--claims DIR] [--partial]

Holds every claim of content/facts/claims.yaml against the evidence, and the evidence against itself.
  --facts DIR       the folder of measured.json and runtime-behaviour.json (content/facts)
  --recordings DIR  the folder of the recordings (content/recordings)
  --claims DIR      the folder of claims.yaml (content/facts)
  --partial         the evidence is a part, what one run of the lab brought: a claim without
                    evidence is not decided here, and no fault
Answers 1 where a claim is not carried.`;

/**
 * @param print takes one line
 * @returns the exit code: 0 where the evidence carries everything, else 1
 * @throws Refusal where the arguments or the files are not what they should be
 */
export async function main(
  argv: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const options = parse(argv);
  if (options.help) {
    print(USAGE);
    return 0;
  }
  const { facts, recordings: folder, claims, partial } = options;
  for (const directory of partial ? [facts] : [facts, folder])
    if (!existsSync(directory)) throw new Refusal(`There is no folder ${directory}.`);
  const evidence = await loadEvidence({ facts, recordings: folder }, partial);
  const recordings = existsSync(folder) ? await loadRecordings(path.resolve(folder)) : [];
  return report(loadClaims(claims), evidence, recordings, partial, print);
}

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        facts: { type: 'string', default: 'content/facts' },
        recordings: { type: 'string', default: 'content/recordings' },
        claims: { type: 'string', default: 'content/facts' },
        partial: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, 2);
  }
}

/** Prints a line for each claim, and beneath it why the evidence does not carry it. */
export function report(
  claims: readonly Claim[],
  evidence: Evidence,
  recordings: readonly Recording[],
  partial: boolean,
  print: (line: string) => void,
): number {
  const width = Math.max(...claims.map(({ id }) => id.length));
  const counts = { holds: 0, fails: 0, open: 0 };
  for (const claim of claims) {
    const judgement = judge(claim, evidence);
    const { outcome } = judgement;
    const state =
      outcome === 'no-evidence' && partial ? 'open' : judgement.holds ? 'holds' : 'fails';
    counts[state] += 1;
    const about = state === 'open' ? 'not decided here' : restsOn(judgement);
    print(`${state.padEnd(5)}  ${claim.id.padEnd(width)}  ${about}`.trimEnd());
    if (state !== 'fails') continue;
    print(`       says: ${claim.en}`);
    for (const reason of judgement.reasons) print(`       ${reason}`);
  }

  const contradictions = disagreements(evidence.measured, recordings);
  for (const sentence of contradictions) print(`fails  the evidence itself: ${sentence}`);
  print(
    [
      `${counts.holds} claims hold`,
      `${counts.fails} fail`,
      ...(partial ? [`${counts.open} not decided here`] : []),
      `${evidence.measured.runs.length} runs and ${recordings.length} recordings contradict each other ${contradictions.length} times`,
    ].join(', '),
  );
  return counts.fails + contradictions.length > 0 ? 1 : 0;
}

/** How much a verdict rests on, and where that was observed. */
function restsOn({ observations }: Judgement): string {
  const rows = observations.flatMap((observation) => observation.rows);
  if (rows.length === 0) return '';
  const kernels = kernelsOf(rows);
  const where = [
    ...(kernels.length > 0 ? [`${filesystemsOf(rows).join(', ')} on ${kernels.join(', ')}`] : []),
    ...versionsOf(rows),
  ];
  return `${rows.length} times observed: ${where.join(', ')}`;
}

// Node 22 has no import.meta.main.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main(process.argv.slice(2), (line) =>
      process.stdout.write(`${line}\n`),
    );
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`lab:check: ${error.message}\n`);
    process.exitCode = error instanceof Refusal ? error.code : 1;
  }
}
