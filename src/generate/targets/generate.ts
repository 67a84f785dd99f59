/**
 * Question in, verdict, files and commands out: one function for page, command line, snippets and
 * tests. Rules: content/facts/targets.yaml, and those of the runtime and the kernel.
 */
import { parseVersion, compareVersions, factVersion, type Version } from '../../facts/version.ts';
import {
  worst,
  type Answer,
  type OutputFile,
  type Phase,
  type Question,
  type Reason,
  type Step,
  type Verdict,
} from '../answer.ts';
import { answerForContainerd, type ContainerdAnswer } from '../containerd.ts';
import { fill } from '../fill.ts';
import { judgeKernel } from '../kernel.ts';
import { holds, type Situation } from './conditions.ts';
import { takeApart } from './configuration.ts';
import { renderFiles, toReason, type FileContext } from './files.ts';
import type { Rules, TargetRow, TargetsRules } from './rules.ts';

/** The ids of all targets, in the order in which a form offers them. */
export function targetIds(rules: Pick<TargetsRules, 'targets'>): string[] {
  return rules.targets.map((row) => row.id);
}

/** One thing that was looked at, and what it says. */
interface Part {
  verdict: Verdict;
  reason: Reason;
}

/**
 * Always an answer: what cannot be read or is not known is refused with one line that says why.
 * The answer depends on nothing but its arguments.
 */
export function generate(given: Question, rules: Rules): Answer {
  const question = inOneLine(given);
  const { texts, targets } = rules.targets;
  const row = targets.find((candidate) => candidate.id === question.target);
  if (row === undefined)
    return refuse(question.target, question.target, [
      asked('target', texts.targetUnknown, {
        target: question.target.trim(),
        known: targetIds(rules.targets).join(', '),
      }),
    ]);

  const faults = [...platformFaults(question, row, rules), ...choiceFaults(question, row, rules)];
  const containerd = row.engine === 'containerd' ? askContainerd(question, row, rules) : undefined;
  const engine = containerd === undefined ? engineOf(question, row, rules) : undefined;
  if (engine?.fault !== undefined) faults.push(engine.fault);
  const platform = row.platform === undefined ? undefined : parseVersion(question.platform);
  const situation: Situation = {
    platform,
    runtime: containerd === undefined ? engine?.version : parseVersion(question.runtime),
    format: question.format === '' ? 'new' : question.format,
    nodeReturns: question.nodeReturns,
    sharesContainerd: question.sharesContainerd,
  };
  const values = valuesOf(question, row, rules, situation);
  const about = toReason({ id: 'about', ...row.about }, values);
  if (faults.length > 0) return refuse(row.id, row.name, faults, about);

  const parts: Part[] = [
    ...row.support
      .filter((candidate) => holds(candidate, situation))
      .map((candidate) => ({
        verdict: candidate.verdict,
        reason: toReason(candidate, values),
      })),
    ...(platform !== undefined &&
    row.platform?.unread !== undefined &&
    compareVersions(platform, factVersion(row.platform.unread)) >= 0
      ? [{ verdict: 'test-first' as const, reason: asked('unread', texts.platformUnread, values) }]
      : []),
    ...(containerd === undefined
      ? kernelPart(question, row, rules)
      : verdictsOf(containerd, question, rules)),
  ];
  const verdict = worst(parts.map((part) => part.verdict));
  const ordered = [
    ...parts.filter((part) => part.verdict === verdict),
    ...parts.filter((part) => part.verdict !== verdict),
  ];
  const accepted =
    verdict === 'works' ||
    verdict === 'already-on' ||
    verdict === 'test-first' ||
    (verdict === 'known-problem' && question.acceptKnownProblems);
  const format = formatOf(row, situation, values);
  const configuration = containerd === undefined ? undefined : takeApart(containerd, format);
  const offered = accepted && (row.engine !== 'containerd' || configuration !== undefined);
  const answer: Answer = {
    target: row.id,
    name: row.name,
    about,
    verdict,
    offered,
    reasons: ordered.map((part) => part.reason),
    blocking: ordered.filter((part) => blocks(part.verdict)).map((part) => part.reason.id),
    nearest: containerd?.nearest ?? {},
    probe:
      offered && row.engine !== 'none'
        ? judgeKernel(question.kernel, rules.kernels).probe
        : undefined,
    warnings: [],
    files: [],
    steps: { apply: [], verify: [], rollback: [], cleanup: [] },
    instead:
      verdict === 'not-possible' || verdict === 'refused'
        ? rules.targets.instead
            .filter((candidate) => row.instead.includes(candidate.id))
            .map((candidate) => ({
              ...toReason(candidate, values),
              command:
                candidate.command === undefined ? undefined : fill(candidate.command, values),
            }))
        : [],
  };
  if (!offered) return answer;

  const context: FileContext = { situation, values, configuration };
  const files = renderFiles(row.files, context);
  const flush = rules.containerd.settings.find(({ id }) => id === 'sync-on-pull')?.key ?? '';
  const flushes = files.some((file) => file.text.includes(flush));
  const kept = <T extends Reason>(list: readonly T[]): T[] =>
    list.filter(({ id }) => row.keep.includes(id) || (flushes && row.keepWithFlush.includes(id)));
  const rollout = rules.targets.rollouts.find((candidate) => candidate.id === question.rollout);
  const first = files.find((file) => file.role === 'apply');
  const all = first === undefined ? values : { ...values, ...placeOf(first, row) };
  const carried =
    rollout === undefined || first === undefined
      ? undefined
      : renderFiles(rollout.files, { ...context, values: all, content: first.lines });
  const own = rollout === undefined ? row.steps : rollout.steps;
  const steps = (phase: Phase): Step[] => [
    ...own
      .filter((step) => step.phase === phase && holds(step, situation))
      .map((step): Step => ({
        ...toReason(step, all),
        command: fill(step.command, all),
        expect: step.expect === undefined ? undefined : fill(step.expect, all),
      })),
    ...kept(containerd?.steps[phase] ?? []),
  ];
  return {
    ...answer,
    warnings: [
      ...[...row.warnings, ...(rollout?.warnings ?? [])]
        .filter((warning) => holds(warning, situation))
        .map((warning) => toReason(warning, values)),
      ...kept(containerd?.warnings ?? []),
    ],
    files: carried ?? files,
    steps: {
      apply: steps('apply'),
      verify: steps('verify'),
      rollback: steps('rollback'),
      cleanup: steps('cleanup'),
    },
  };
}

/** What was typed or pasted comes back in reasons, which are one line each. */
function inOneLine(question: Question): Question {
  const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
  return {
    ...question,
    target: line(question.target),
    platform: line(question.platform),
    runtime: line(question.runtime),
    kernel: line(question.kernel),
    format: line(question.format),
    rollout: line(question.rollout),
  };
}

function blocks(verdict: Verdict): boolean {
  return verdict !== 'works' && verdict !== 'already-on' && verdict !== 'test-first';
}

/** containerd's answer with the paths of this target. */
function askContainerd(question: Question, row: TargetRow, rules: Rules): ContainerdAnswer {
  const { file, backup, service, root } = row.node ?? {};
  return answerForContainerd(
    question,
    {
      ...rules.containerd,
      ...(file === undefined ? {} : { file, backup: backup ?? `${file}.before-volatile` }),
      ...(service === undefined ? {} : { service }),
      ...(root === undefined ? {} : { root }),
    },
    rules.kernels,
  );
}

/** What containerd's answer says, part by part: a runtime may work where the kernel does not. */
function verdictsOf(answer: ContainerdAnswer, question: Question, rules: Rules): Part[] {
  const kernel = judgeKernel(question.kernel, rules.kernels);
  return answer.reasons.map((reason) => {
    const isKernel = reason.id === kernel.reason.id;
    if (isKernel) return { verdict: kernel.verdict, reason };
    const row = rules.containerd.support.find(({ id }) => id === reason.id);
    return { verdict: row?.verdict ?? 'unreadable', reason };
  });
}

/** For runtimes that ask the kernel themselves: an old kernel only means that the option is off. */
function kernelPart(question: Question, row: TargetRow, rules: Rules): Part[] {
  if (row.engine === 'none') return [];
  const kernel = judgeKernel(question.kernel, rules.kernels);
  if (kernel.verdict === 'refused')
    return [
      {
        verdict: 'refused',
        reason: {
          ...asked('kernel-off', rules.targets.texts.kernelOff, {
            kernel: question.kernel.trim(),
            minimum: rules.kernels.minimum.version,
          }),
          source: rules.kernels.minimum.source,
          status: 'read',
        },
      },
    ];
  return [{ verdict: kernel.verdict, reason: kernel.reason }];
}

function engineOf(
  question: Question,
  row: TargetRow,
  rules: Rules,
): { version: Version | undefined; fault: Reason | undefined } {
  if (row.engine === 'none') return { version: undefined, fault: undefined };
  const version = parseVersion(question.runtime.replace(/^cri-o:\/\//, ''));
  return {
    version,
    fault:
      version === undefined
        ? asked('runtime', rules.targets.texts.engineUnreadable, {
            runtime: question.runtime.trim(),
            engine: row.name,
            example: row.notable.find((one) => one.runtime !== undefined)?.runtime ?? '',
          })
        : undefined,
  };
}

function platformFaults(question: Question, row: TargetRow, rules: Rules): Reason[] {
  if (row.platform === undefined) return [];
  const text = question.platform.trim();
  const values = {
    platform: text,
    carrier: row.platform.name,
    asks: row.platform.asks,
    example: row.platform.example,
  };
  const { texts } = rules.targets;
  if (text === '') return [asked('platform', texts.platformMissing, values)];
  return parseVersion(text) === undefined
    ? [asked('platform', texts.platformUnreadable, values)]
    : [];
}

function choiceFaults(question: Question, row: TargetRow, rules: Rules): Reason[] {
  const { texts } = rules.targets;
  const faults: Reason[] = [];
  const formats = row.files.flatMap((file) => (file.format === undefined ? [] : [file.format]));
  if (
    formats.length > 0 &&
    question.format !== '' &&
    !formats.some((known) => known === question.format)
  )
    faults.push(
      asked('format', texts.formatUnknown, {
        format: question.format,
        known: formats.filter((known) => known !== 'new').join(', '),
      }),
    );
  if (question.rollout !== '' && !row.rollouts.includes(question.rollout))
    faults.push(
      asked('rollout', texts.rolloutUnknown, {
        rollout: question.rollout,
        name: row.name,
        known: row.rollouts.length === 0 ? '-' : row.rollouts.join(', '),
      }),
    );
  return faults;
}

/** The line `version`, where the reader's file states one: its file row says what it means there. */
function formatOf(
  row: TargetRow,
  situation: Situation,
  values: Readonly<Record<string, string>>,
): { version: string; reason: Reason } | undefined {
  if (situation.format === 'new') return undefined;
  const file = row.files.find(
    (candidate) => candidate.format === situation.format && holds(candidate, situation),
  );
  return file === undefined
    ? undefined
    : { version: situation.format, reason: toReason({ ...file, id: 'format' }, values) };
}

function valuesOf(
  question: Question,
  row: TargetRow,
  rules: Rules,
  situation: Situation,
): Record<string, string> {
  const { containerd, kernels } = rules;
  const file = row.node?.file ?? containerd.file;
  return {
    runtime: question.runtime.trim(),
    kernel: question.kernel.trim(),
    platform: question.platform.trim(),
    carrier: row.platform?.name ?? row.name,
    example: row.platform?.example ?? '',
    unread: row.platform?.unread ?? '',
    format: situation.format,
    minimum: kernels.minimum.version,
    file,
    backup:
      row.node?.backup ??
      (row.node?.file === undefined ? containerd.backup : `${file}.before-volatile`),
    service: row.node?.service ?? containerd.service,
    root: row.node?.root ?? containerd.root,
    dropin: row.node?.dropin ?? '',
    // k3s and RKE2: the folder of the generated file, and the units that may run it.
    base: folderOf(file),
    restart: restartOf((row.node?.services ?? row.node?.service ?? containerd.service).split(' ')),
    answers: row.node?.answers ?? '',
  };
}

/** What the file that is offered says about itself, for commands and roll-outs. */
function placeOf(file: OutputFile, row: TargetRow): Record<string, string> {
  const folder = folderOf(file.path);
  return {
    path: file.path,
    name: file.name,
    folder,
    // A drop-in shows in the generated file as the import of its folder, a template as its lines.
    reads: fill(row.node?.reads ?? '', {
      mark: folder.endsWith('.d') ? folder.slice(folder.lastIndexOf('/') + 1) : 'mount_options',
    }),
  };
}

/** For one shell: restarts what runs; where a node has one of several units, the one it has. */
function restartOf(services: readonly string[]): string {
  const [only = '', ...more] = services;
  return more.length === 0
    ? `systemctl try-restart ${only}`
    : `for s in ${services.join(' ')}; do if systemctl cat $s >/dev/null 2>&1; then systemctl try-restart $s; fi; done`;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}

/** Said of the question itself; it rests on nothing but what was typed. */
function asked(id: string, text: string, values: Readonly<Record<string, string>>): Reason {
  return { id, text: fill(text, values), source: [], status: 'read' };
}

function refuse(target: string, name: string, reasons: readonly Reason[], about?: Reason): Answer {
  return {
    target,
    name,
    about,
    verdict: 'unreadable',
    offered: false,
    reasons,
    blocking: reasons.map((reason) => reason.id),
    nearest: {},
    probe: undefined,
    warnings: [],
    files: [],
    steps: { apply: [], verify: [], rollback: [], cleanup: [] },
    instead: [],
  };
}
