import { readFileSync } from 'node:fs';
import { loadCauses, loadCommands } from '../diagnose/load.ts';
import {
  loadFunctions,
  loadGlossary,
  loadIncidentStack,
  loadKernels,
  loadSources,
  loadSyncPaths,
  loadValues,
} from '../facts/load.ts';
import { sortTerms } from '../facts/terms.ts';
import { defaultLocale, locales } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import type { Recording } from '../recording/types.ts';
import { validateRecording } from '../recording/validate.ts';
import { compatibilityTables } from './compatibility.node.ts';
import { loadContainerdMounts, timelineOf } from './history.node.ts';
import type { Library } from './references.ts';
import { risksOf } from './risks.node.ts';

/**
 * The facts and recordings as one page uses them: an id that no row has stops the build with the
 * page, the id and the file that lacks it.
 */
export function libraryFor(page: string): Library {
  const find = <T extends { id: string }>(rows: readonly T[], id: string, file: string): T => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`${page}: "${id}" is not in content/facts/${file}`);
    return row;
  };
  return {
    source: (id) => find(loadSources(), id, 'sources.yaml'),
    value: (id) => find(loadValues(), id, 'values.yaml'),
    term: (id) => find(loadGlossary(), id, 'glossary.yaml'),
    recording: (id) => readRecording(page, id),
    kernelFunction: (name) => {
      const row = loadFunctions().find((candidate) => candidate.name === name);
      if (row === undefined)
        throw new Error(`${page}: "${name}" is not in content/facts/functions.yaml`);
      return row;
    },
    syncPaths: () => loadSyncPaths(),
    incidentStack: () => loadIncidentStack(),
    table: (name, topic) => {
      switch (name) {
        case 'Timeline':
          return timelineOf(topic);
        case 'KernelChanges':
          return loadKernels().changes;
        case 'ContainerdMounts':
          return loadContainerdMounts();
        case 'RiskAvoid':
          return risksOf('avoid');
        case 'RiskChecklist':
          return risksOf('check');
        case 'DiagnosisCommands':
          return loadCommands();
        case 'DiagnosisCauses':
          return loadCauses();
        default:
          return compatibilityTables[name](localeOfFile(page));
      }
    },
    glossary: () => sortTerms(loadGlossary(), localeOfFile(page)),
  };
}

/** The language of a page by its file: `content/pages/zh-cn/glossary.mdx`. */
function localeOfFile(page: string): Locale {
  return locales.find((locale) => page.includes(`/${locale}/`)) ?? defaultLocale;
}

const recordings = new Map<string, Recording>();

function readRecording(page: string, id: string): Recording {
  const path = `content/recordings/${id}.json`;
  const known = recordings.get(path);
  if (known !== undefined) return known;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`${page}: "${id}" is not a recording (no file ${path})`);
  }
  const recording = validateRecording(JSON.parse(text), path);
  recordings.set(path, recording);
  return recording;
}
