/**
 * containerd itself, whatever carries it: what its version and the kernel allow, and what its file
 * has to say. Rules: content/facts/containerd.yaml.
 */
import type { Localised } from '../facts/localise.ts';
import type { Containerd, Status } from '../facts/schema.ts';
import {
  compareVersions,
  factVersion,
  formatVersion,
  inRange,
  parseVersion,
  type Range,
  type Version,
} from '../facts/version.ts';
import { fill } from './fill.ts';
import { judgeKernel, type KernelRules } from './kernel.ts';
import { pluginHeader, tomlValue } from './toml.ts';
import {
  worst,
  type Answer,
  type Line,
  type Phase,
  type Question,
  type Reason,
  type Step,
} from './answer.ts';

export type ContainerdRules = Localised<Containerd>;

export type ContainerdQuestion = Omit<Question, 'target' | 'platform' | 'format' | 'rollout'>;

export interface ContainerdAnswer extends Pick<
  Answer,
  'verdict' | 'reasons' | 'nearest' | 'probe' | 'warnings' | 'steps'
> {
  /** The file as blocks of lines, its `version` first and then a table each; none where it is not offered. */
  blocks: readonly (readonly Line[])[];
}

export function answerForContainerd(
  question: ContainerdQuestion,
  rules: ContainerdRules,
  kernels: KernelRules,
): ContainerdAnswer {
  const kernel = judgeKernel(question.kernel, kernels);
  const runtime = judgeRuntime(question.runtime, rules);
  const verdict = worst([runtime.verdict, kernel.verdict]);
  const offered =
    verdict === 'works' ||
    verdict === 'test-first' ||
    (verdict === 'known-problem' && question.acceptKnownProblems);
  // What decided stands first; a tie is the runtime's, which is easier to change than a kernel.
  const parts = verdict === runtime.verdict ? [runtime, kernel] : [kernel, runtime];
  const answer: ContainerdAnswer = {
    verdict,
    reasons: parts.map((part) => part.reason),
    nearest: {
      ...(runtime.nearest === undefined ? {} : { runtime: runtime.nearest }),
      ...(kernel.nearest === undefined ? {} : { kernel: kernel.nearest }),
    },
    probe: offered ? kernel.probe : undefined,
    warnings: [],
    blocks: [],
    steps: { apply: [], verify: [], rollback: [], cleanup: [] },
  };
  if (!offered || runtime.version === undefined) return answer;

  const { version } = runtime;
  const values = {
    runtime: formatVersion(version),
    newest: rules.notable[0]?.id ?? '',
    file: rules.file,
    backup: rules.backup,
    service: rules.service,
    root: rules.root,
  };
  const holds = (row: Range & { when?: Condition }): boolean =>
    inRange(version, row) && fits(row.when, question);
  const steps = (phase: Phase): Step[] =>
    rules.steps
      .filter((step) => step.phase === phase && holds(step))
      .map((step) => ({
        ...reason(step, values),
        command: fill(step.command, values),
        expect: step.expect === undefined ? undefined : fill(step.expect, values),
      }));
  return {
    ...answer,
    warnings: rules.warnings.filter(holds).map((row) => reason(row, values)),
    blocks: blocksOf(version, question, rules, values),
    steps: {
      apply: steps('apply'),
      verify: steps('verify'),
      rollback: steps('rollback'),
      cleanup: steps('cleanup'),
    },
  };
}

interface RuntimeAnswer {
  verdict: Answer['verdict'];
  reason: Reason;
  nearest: string | undefined;
  version: Version | undefined;
}

function judgeRuntime(text: string, rules: ContainerdRules): RuntimeAnswer {
  const version = parseVersion(text);
  if (version?.patch === undefined) {
    const newest = rules.notable[0]?.id ?? '';
    const example =
      version === undefined
        ? newest
        : (rules.notable.find(({ id }) => inSeries(factVersion(id), version))?.id ?? newest);
    const says = version === undefined ? rules.unreadable : rules.series;
    return {
      verdict: 'unreadable',
      reason: {
        id: version === undefined ? 'runtime' : 'runtime-series',
        text: fill(says, { runtime: text.trim(), example }),
        source: [],
        status: 'read',
      },
      nearest: undefined,
      version: undefined,
    };
  }
  const row = rules.support.find((candidate) => inRange(version, candidate));
  if (row === undefined) throw new Error(`containerd.yaml has no support row for ${text}`);
  const nearest = row.verdict === 'works' ? undefined : nextThatWorks(version, rules);
  return {
    verdict: row.verdict,
    reason: reason(row, {
      runtime: formatVersion(version),
      newest: rules.notable[0]?.id ?? '',
      nearest: nearest ?? '',
    }),
    nearest,
    version,
  };
}

function inSeries(version: Version, series: Version): boolean {
  return version.major === series.major && version.minor === series.minor;
}

/** The first version after this one from which on it works, or the newest one known to. */
function nextThatWorks(version: Version, rules: ContainerdRules): string | undefined {
  const works = rules.support.filter((row) => row.verdict === 'works');
  const later = works.find(
    (row) => row.from !== undefined && compareVersions(factVersion(row.from), version) > 0,
  );
  return later?.from ?? rules.notable[0]?.id;
}

type Condition = ContainerdRules['warnings'][number]['when'];

function fits(when: Condition, question: ContainerdQuestion): boolean {
  return (
    (when?.node === undefined || (when.node === 'returns') === question.nodeReturns) &&
    (when?.shared === undefined || when.shared === question.sharesContainerd)
  );
}

function blocksOf(
  version: Version,
  question: ContainerdQuestion,
  rules: ContainerdRules,
  values: Readonly<Record<string, string>>,
): Line[][] {
  const format = rules.formats.find((row) => inRange(version, row));
  if (format === undefined)
    throw new Error(`containerd.yaml has no format row for ${formatVersion(version)}`);
  const head: Line[] = [
    { text: `version = ${String(format.version)}`, reasons: [reason(format, values)] },
  ];
  const tables = rules.settings
    .filter((setting) => fits(setting.when, question))
    .flatMap((setting): Line[][] => {
      const home = setting.tables.find((row) => inRange(version, row));
      if (home === undefined) return [];
      return [
        [
          {
            text: pluginHeader(home.table),
            reasons: [reason({ ...home, id: `${setting.id}-table` }, values)],
          },
          {
            text: `  ${setting.key} = ${tomlValue(setting.value)}`,
            reasons: setting.reasons.map((row) => reason(row, values)),
          },
        ],
      ];
    });
  return [head, ...tables];
}

function reason(
  row: { id: string; says: string; source?: string[] | undefined; status?: Status | undefined },
  values: Readonly<Record<string, string>>,
): Reason {
  const { id, says, source = [], status = 'inferred' } = row;
  return { id, text: fill(says, values), source, status };
}
