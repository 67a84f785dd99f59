/** Everything that is tried, by name. */
import type { ExperimentName, Findings } from '../../../src/evidence/runtime-behaviour.ts';
import type { Bench } from '../bench.ts';
import { tryMistyped, tryRestart } from './containers.ts';
import { tryConfigCommands, tryDropIns } from './drop-ins.ts';
import { tryForms } from './forms.ts';
import { tryMounts } from './mounts.ts';
import { tryPowerCut } from './power-cut.ts';
import { tryStop } from './stop.ts';
import { tryUnpack } from './unpack.ts';

/** What is tried on podman and buildah, which is one thing. */
export const STORAGE = 'storage';

export type ContainerdExperiment = Exclude<ExperimentName, typeof STORAGE>;

type Experiments = {
  [Name in ContainerdExperiment]: {
    about: string;
    run: (bench: Bench) => Promise<Findings[Name]>;
  };
};

/** What is tried on every containerd. */
export const experiments: Experiments = {
  forms: { about: 'which ways to write the setting it takes', run: tryForms },
  'config-commands': {
    about: 'what config default, dump and migrate print',
    run: tryConfigCommands,
  },
  'drop-ins': { about: 'how imported files and the main file are merged', run: tryDropIns },
  mounts: { about: 'which mounts get the option', run: tryMounts },
  unpack: { about: 'what unpacking an image mounts and syncs', run: tryUnpack },
  restart: { about: 'whether a stopped container starts again', run: tryRestart },
  mistyped: { about: 'what an unknown mount option does', run: tryMistyped },
  stop: { about: 'what the end of a container writes to the disk', run: tryStop },
  'power-cut': { about: 'what is left of an image after a power cut', run: tryPowerCut },
};

export const containerdExperiments = Object.keys(experiments) as ContainerdExperiment[];

export const experimentNames: readonly ExperimentName[] = [...containerdExperiments, STORAGE];

export const aboutExperiment = (name: ExperimentName): string =>
  name === STORAGE
    ? 'which containers of podman and buildah are volatile'
    : experiments[name].about;
