import type en from '../../../content/ui/en.json';

/** The strings of this figure in one language: content/ui, key `dirtyPages`. */
export type Strings = (typeof en)['dirtyPages'];
