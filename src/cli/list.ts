/** `generate --list`: the targets, and what each has to be told. */
import type { TargetRow, TargetsRules } from '../generate/targets/rules.ts';

interface Listed {
  id: string;
  name: string;
  group: TargetRow['group'];
  /** Options without which there is no answer, with an example each. */
  needs: Record<string, string>;
  /** Versions of the configuration file that --format takes. */
  formats: string[];
  /** What --rollout takes. */
  rollouts: string[];
  /** What --merge changes; null where this target writes another file. */
  merges: 'main' | 'drop-in' | null;
}

/** Which options a target cannot do without, with an example for each. */
export function needsOf(row: TargetRow): Record<string, string> {
  if (row.engine === 'none') return {};
  const example = row.notable.find(({ runtime }) => runtime !== undefined);
  return {
    ...(row.platform === undefined ? {} : { platform: example?.platform ?? row.platform.example }),
    runtime: example?.runtime ?? '',
    kernel: '6.12',
  };
}

/** The versions of the configuration file that a target's files are made for. */
export function formatsOf(row: TargetRow): string[] {
  const formats = row.files.flatMap(({ format }) =>
    format === undefined || format === 'new' ? [] : [format],
  );
  return [...new Set<string>(formats)];
}

export function listTargets(rules: TargetsRules): Listed[] {
  return rules.targets.map((row) => ({
    id: row.id,
    name: row.name,
    group: row.group,
    needs: needsOf(row),
    formats: formatsOf(row),
    rollouts: [...row.rollouts],
    merges: row.merges ?? null,
  }));
}

export function printTargets(rules: TargetsRules): string {
  const rows = listTargets(rules);
  const width = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));
  const ids = width(rows.map(({ id }) => id));
  const names = width(rows.map(({ name }) => name));
  return rows
    .map((row) => {
      const needs = Object.entries(row.needs).map(([name, example]) => `--${name} ${example}`);
      const may = [
        ...(row.formats.length === 0 ? [] : [`--format ${row.formats.join('|')}`]),
        ...(row.rollouts.length === 0 ? [] : [`--rollout ${row.rollouts.join('|')}`]),
        ...(row.merges === null ? [] : ['--merge FILE']),
      ].map((option) => `[${option}]`);
      const options = row.group === 'not-possible' ? ['(not possible)'] : [...needs, ...may];
      return `${row.id.padEnd(ids)}  ${row.name.padEnd(names)}  ${options.join(' ')}\n`;
    })
    .join('');
}
