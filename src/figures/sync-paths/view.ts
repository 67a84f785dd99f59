/** What the figure shows for a link: which ways, in which words. */
import { existsOn, kernelOf, pathOf } from '../../sync-paths/path.ts';
import type { Path, SyncModel } from '../../sync-paths/types.ts';
import { fill } from '../text.ts';
import { pathsLink, SETTINGS, type PathsLink } from './link.ts';
import type { Strings } from './props.ts';
import { outcomeOf, plainName } from './words.ts';

/** Every operation that the file system of a link has, as the link mounts it. */
export function pathsOf(model: SyncModel, { kernel, volatile, fs }: PathsLink): Path[] {
  return model.operations
    .filter((operation) => existsOn(operation, fs))
    .map(({ id }) =>
      pathOf(model, { operation: id, kernel, setting: SETTINGS[volatile], filesystem: fs }),
    );
}

/** The sentence over the picture. */
export function titleOf(paths: readonly Path[], { volatile }: PathsLink, ui: Strings): string {
  const ways = paths.filter(({ state }) => state !== 'not-affected');
  const kept = ways.filter(({ reachesDisk }) => reachesDisk).length;
  return fill(ui.title[volatile], {
    total: paths.length,
    all: ways.length,
    skipped: ways.length - kept,
    kept,
  });
}

/** An operation and what becomes of it, as the live region says it. */
export function announced(paths: readonly Path[], operation: string, ui: Strings): string {
  const path = paths.find((each) => each.operation === operation);
  const name = plainName(ui.short[operation as keyof Strings['short']]);
  return path === undefined
    ? name
    : fill(ui.announce.operation, { operation: name, state: ui.states[outcomeOf(path).word] });
}

/**
 * A link whose parts fit each other: where its kernel or file system has no such mount, operation
 * or step, that part gives way.
 */
export function settle(
  model: SyncModel,
  wanted: PathsLink,
): { state: PathsLink; gave: (keyof PathsLink)[] } {
  const state = { ...wanted };
  const gave: (keyof PathsLink)[] = [];
  const give = <K extends keyof PathsLink>(key: K, value: PathsLink[K]): void => {
    state[key] = value;
    gave.push(key);
  };
  if (!model.kernels.some(({ id }) => id === state.kernel))
    give('kernel', pathsLink.kernel.fallback);
  if (state.volatile === 'strict' && !kernelOf(model, state.kernel).hasFsyncOption)
    give('volatile', 'off');
  const operation = model.operations.find(({ id }) => id === state.op);
  if (operation === undefined || !existsOn(operation, state.fs)) give('op', pathsLink.op.fallback);
  if (
    state.step !== '' &&
    !pathsOf(model, state)
      .find((path) => path.operation === state.op)
      ?.steps.some(({ id }) => id === state.step)
  )
    give('step', '');
  return { state, gave };
}
