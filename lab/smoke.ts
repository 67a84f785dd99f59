/** A short lab, for checks: `npm run lab:smoke`. It says plainly where it cannot run. */
import { parseArgs } from 'node:util';
import { closing, inOneLine, lineOf, type Check } from './smoke/checks.ts';
import { smokeKernel } from './smoke/kernel.ts';
import { obstacle } from './smoke/obstacle.ts';
import { smokeRuntime } from './smoke/runtime.ts';
import { Unavailable } from './packages.ts';
import { Refusal } from './refusal.ts';

const PARTS = { kernel: smokeKernel, runtime: smokeRuntime };
type Part = keyof typeof PARTS;

const USAGE = `usage: npm run lab:smoke [-- --only ${Object.keys(PARTS).join('|')}]

Boots one kernel, plain and volatile, and runs containers with generated and merged files. Skipped,
and said so, without root, apt, a package mirror or the emulator.`;

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const isPart = (name: string): name is Part => Object.hasOwn(PARTS, name);

async function main(argv: readonly string[]): Promise<number> {
  let parts = Object.keys(PARTS).filter(isPart);
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { only: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      print(USAGE);
      return 0;
    }
    if (values.only !== undefined) {
      if (!isPart(values.only))
        throw new Error(`unknown part "${values.only}"; known: ${parts.join(', ')}`);
      parts = [values.only];
    }
  } catch (error) {
    tell(`lab:smoke: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }

  const reason = await obstacle();
  if (reason !== undefined) printSkip(reason);
  const checks: Check[] = [];
  for (const part of parts) {
    const found = reason === undefined ? await checksOf(part) : [skipped(part, reason)];
    checks.push(...found);
  }
  print(closing(checks));
  return checks.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** Runs one part, and prints each of its checks. */
async function checksOf(part: Part): Promise<Check[]> {
  let checks: Check[];
  try {
    checks = await PARTS[part](tell);
  } catch (error) {
    if (error instanceof Unavailable) {
      printSkip(`${part}: ${error.message}`);
      return [skipped(part, error.message)];
    }
    if (!(error instanceof Refusal)) throw error;
    checks = [{ outcome: 'failed', name: `the ${part} part`, seen: error.message }];
  }
  for (const each of checks) print(lineOf(each));
  return checks;
}

const printSkip = (reason: string): void => {
  print(`lab:smoke skipped: ${inOneLine(reason)}`);
};

const skipped = (part: Part, reason: string): Check => ({
  outcome: 'skipped',
  name: `the ${part} part`,
  seen: reason,
});

process.exitCode = await main(process.argv.slice(2));
