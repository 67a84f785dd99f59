/** The way of an operation to the disk, and what volatile makes of it. */
import { sourceAddress, sourceFile } from '../facts/kernel-tree.ts';
import { factVersion, inRange } from '../facts/version.ts';
import { settingOn, within } from './kernels.ts';
import type {
  Filesystem,
  Kernel,
  Operation,
  Path,
  PathStep,
  Setting,
  State,
  Step,
  StepState,
  SyncModel,
  Wait,
} from './types.ts';

/** What a path is asked for. */
export interface Question {
  operation: string;
  kernel: string;
  setting: Setting;
  /** ext4 where nothing is said. */
  filesystem?: Filesystem;
}

type Call = Extract<Step, { fn: string }>;
type Gate = Extract<Step, { gate: string }>;

/** One row of the model; throws where there is none, so that a mistyped id stops a build. */
export function kernelOf({ kernels }: SyncModel, id: string): Kernel {
  const found = kernels.find((kernel) => kernel.id === id);
  if (found === undefined) throw new Error(`no kernel "${id}" in the model of sync paths`);
  return found;
}

/** As kernelOf. */
export function operationOf({ operations }: SyncModel, id: string): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`no operation "${id}" in sync-paths.yaml`);
  return found;
}

/** Whether an operation exists on a file system: some need one that can share blocks. */
export const existsOn = ({ filesystems }: Operation, filesystem: Filesystem): boolean =>
  filesystems === undefined || filesystems.includes(filesystem);

/**
 * The way of an operation to the disk on one kernel, with one setting, on one file system. A kernel
 * without `fsync=strict` is taken as mounted plain there.
 *
 * @throws Error where the model has no such operation or kernel
 */
export function pathOf(model: SyncModel, question: Question): Path {
  const operation = operationOf(model, question.operation);
  const kernel = kernelOf(model, question.kernel);
  const setting = settingOn(kernel, question.setting);
  const filesystem = question.filesystem ?? 'ext4';
  const steps = stepsOf(model, operation, kernel, setting, filesystem);
  const gates = steps.filter(({ kind }) => kind === 'gate');
  const leaf = steps.find((step) => step.leaf);
  const exception = operation.exceptions?.find(
    (each) => each.filesystem === filesystem && inRange(factVersion(kernel.version), each),
  );
  return {
    operation: operation.id,
    kernel: kernel.id,
    setting,
    filesystem,
    steps,
    gate: gates.find(({ state }) => state === 'gate-stops') ?? gates.at(-1),
    leaf,
    reachesDisk: leaf?.state === 'runs',
    state: exception?.state ?? stateBy(model, operation, kernel, setting, filesystem),
    exception,
  };
}

/** What volatile makes of an operation, by its chain alone. */
function stateBy(
  model: SyncModel,
  operation: Operation,
  kernel: Kernel,
  setting: Setting,
  filesystem: Filesystem,
): State {
  const reaches = (other: Setting): boolean =>
    stepsOf(model, operation, kernel, other, filesystem).some(
      ({ leaf, state }) => leaf && state === 'runs',
    );
  if (!reaches(setting === 'strict' ? 'strict' : 'plain')) return 'not-affected';
  return reaches('volatile') ? 'kept' : 'skipped';
}

/** Whether a copy-up also has metadata to sync: then data and metadata are synced at once, later. */
const syncsMetadata = ({ metadataSync }: Kernel, setting: Setting): boolean =>
  metadataSync === 'always' || (metadataSync === 'strict' && setting === 'strict');

function stepsOf(
  model: SyncModel,
  operation: Operation,
  kernel: Kernel,
  setting: Setting,
  filesystem: Filesystem,
): PathStep[] {
  const here = (step: Step): boolean =>
    within(kernel.version, step) &&
    (!('filesystem' in step) || step.filesystem === undefined || step.filesystem === filesystem) &&
    (step.metadataSynced === undefined || step.metadataSynced === syncsMetadata(kernel, setting));

  let stopped = false;
  return expand(operation.chain).map((step) => {
    if ('fn' in step) return call(step);
    return gate(step);
  });

  /** A chain without trunks: theirs stand in their places. */
  function expand(chain: readonly Step[]): (Call | Gate)[] {
    return chain.filter(here).flatMap((step): (Call | Gate)[] => {
      if (!('trunk' in step)) return [step];
      const trunk = model.trunks[step.trunk];
      if (trunk === undefined) throw new Error(`${operation.id}: no trunk "${step.trunk}"`);
      const [first, ...rest] = expand(trunk);
      if (first === undefined) return [];
      return step.inlined === undefined || !('fn' in first)
        ? [first, ...rest]
        : [{ ...first, inlined: step.inlined }, ...rest];
    });
  }

  function call(step: Call): PathStep {
    const about = place(step.fn);
    const superblock =
      about.layer === 'overlay' || about.layer === 'upper' ? about.layer : (step.on ?? null);
    const below = superblock === 'upper' && about.layer !== 'upper';
    const dataOnly = stopped && step.data === true;
    return {
      id: step.place ?? (below ? `${step.fn}.upper` : step.fn),
      kind: 'call',
      name: step.fn,
      ...about,
      superblock,
      state: stopped && !dataOnly ? 'not-reached' : 'runs',
      inlined: kernel.measured ? (step.inlined ?? []).includes(kernel.id) : undefined,
      dataOnly,
      overruled: false,
      leaf: step.leaf === true,
      waits: (step.waits ?? []).filter(exists).map(({ fn }) => ({ name: fn, ...place(fn) })),
      note: step.note,
    };
  }

  function exists(wait: NonNullable<Call['waits']>[number]): boolean {
    return (
      within(kernel.version, wait) &&
      (wait.filesystem === undefined || wait.filesystem === filesystem)
    );
  }

  function gate(step: Gate): PathStep {
    // Before the option, the gate for metadata was the one for data.
    const name =
      step.gate === 'ovl_should_sync_metadata' && !kernel.hasFsyncOption
        ? 'ovl_should_sync'
        : step.gate;
    const saysNo = SAYS_NO[name](setting);
    const overruled = saysNo && step.overruled === true;
    let state: StepState = 'gate-passed';
    if (stopped) state = 'not-reached';
    else if (saysNo && !overruled) {
      state = 'gate-stops';
      stopped = true;
    }
    const about = place(name);
    return {
      id: step.gate,
      kind: 'gate',
      name,
      ...about,
      superblock: 'overlay',
      state,
      inlined: kernel.measured ? about.file.endsWith('.h') : undefined,
      dataOnly: false,
      overruled,
      leaf: false,
      waits: [],
      note: step.note,
    };
  }

  function place(fn: string): Omit<Wait, 'name'> {
    const about = model.functions[fn];
    const file = sourceFile(about?.files ?? [], kernel.version);
    if (about === undefined || file === undefined)
      throw new Error(`${operation.id}: functions.yaml lacks ${fn}`);
    return { layer: about.layer, file, address: sourceAddress(file, kernel.version) };
  }
}

/**
 * When a gate says no. `sb_rdonly` is the VFS's own question, whether the superblock is read-only;
 * a chain that asks it is one of a read-only overlay.
 */
const SAYS_NO: Readonly<Record<Gate['gate'], (setting: Setting) => boolean>> = {
  ovl_sync_status: (setting) => setting === 'volatile',
  ovl_should_sync: (setting) => setting === 'volatile',
  ovl_should_sync_metadata: (setting) => setting !== 'strict',
  sb_rdonly: () => true,
};
