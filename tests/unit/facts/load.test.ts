import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  FactsError,
  loadFunctions,
  loadIncidentStack,
  loadSources,
  loadSyncPaths,
  loadValues,
} from '../../../src/facts/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facts-'));
  write(
    'sources.yaml',
    `- { id: one, title: T, by: B, date: 2024-01-02, url: 'https://example.org/', kind: post }
- { id: two, title: T, by: B, date: 2024, url: 'https://example.org/', kind: code }
`,
  );
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}
function faults(run: () => unknown): string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FactsError)
      return error.message.split('\n').map((line) => line.replace(/^\S*\/(?=[\w-]+\.yaml)/, ''));
    throw error;
  }
  return [];
}

describe('good files', () => {
  test('dates may be days or years', () => {
    expect(loadSources(folder).map((source) => source.date)).toEqual(['2024-01-02', '2024']);
  });

  test('one source or several: code always gets a list', () => {
    write(
      'values.yaml',
      `- { id: a, value: 30, unit: s, source: one, status: read }
- { id: b, value: x, source: [one, two], status: cited, text: { en: e, zh-cn: z } }
`,
    );
    expect(loadValues(folder).map((value) => value.source)).toEqual([['one'], ['one', 'two']]);
  });

  test('a changed file is read again', () => {
    write('values.yaml', '- { id: a, value: 1, source: one, status: read }\n');
    expect(loadValues(folder)).toHaveLength(1);
    write(
      'values.yaml',
      `- { id: a, value: 1, source: one, status: read }
- { id: b, value: 1, source: one, status: read }
`,
    );
    expect(loadValues(folder)).toHaveLength(2);
  });

  test('without sources.yaml the ids of sources are not checked', () => {
    rmSync(join(folder, 'sources.yaml'));
    write('values.yaml', '- { id: a, value: 1, source: nowhere, status: read }\n');
    expect(loadValues(folder)).toHaveLength(1);
  });
});

describe('faults name file, line, row and field', () => {
  test.each([
    [
      'a missing language',
      '- { id: a, value: 1, source: one, status: read }\n- { id: b, value: 1, text: { en: e }, source: one, status: read }\n',
      ['values.yaml:2: row 2 (b), field text.zh-cn is missing'],
    ],
    [
      'an empty language',
      "- { id: b, value: 1, text: { en: e, zh-cn: '' }, source: one, status: read }\n",
      ['values.yaml:1: row 1 (b), field text.zh-cn is empty'],
    ],
    [
      'a source that is not listed',
      '- { id: a, value: 1, source: [one, three], status: read }\n',
      ['values.yaml:1: row 1 (a), field source names "three", which sources.yaml does not have'],
    ],
    [
      'no source',
      '- { id: a, value: 1, status: read }\n',
      ['values.yaml:1: row 1 (a), field source is missing'],
    ],
    [
      'two rows of one id',
      '- { id: a, value: 1, source: one, status: read }\n- { id: a, value: 1, source: one, status: read }\n',
      ['values.yaml:2: row 2 (a), field id is taken by an earlier row'],
    ],
    [
      'an unknown field',
      '- { id: a, valeu: 2, value: 1, source: one, status: read }\n',
      ['values.yaml:1: row 1 (a): has unknown fields: valeu'],
    ],
    [
      'an unknown status',
      '- { id: a, value: 1, source: one, status: sure }\n',
      [
        'values.yaml:1: row 1 (a), field status Invalid option: expected one of "measured"|"read"|"cited"|"inferred"|"unsure"',
      ],
    ],
    ['broken YAML', '- { id: a\n', [expect.stringMatching(/^values\.yaml:\d+: /)]],
    ['not a list', 'id: a\n', ['values.yaml:1: Invalid input: expected array, received object']],
  ])('%s', (_, text, expected) => {
    write('values.yaml', text);
    expect(faults(() => loadValues(folder))).toEqual(expected);
  });

  test('a file that is not there', () => {
    expect(faults(() => loadSyncPaths(folder))).toEqual([
      'sync-paths.yaml: cannot be read (ENOENT)',
    ]);
  });

  test('functions are known by name, stacks by what was printed', () => {
    write(
      'functions.yaml',
      `- { name: sync_fs, layer: vfs, file: fs/sync.c, does: { en: e, zh-cn: z }, source: one, status: read }
- { name: sync_fs, layer: vfs, file: fs/sync.c, does: { en: e, zh-cn: z }, source: one, status: read }
`,
    );
    expect(faults(() => loadFunctions(folder))).toEqual([
      'functions.yaml:2: row 2 (sync_fs), field name is taken by an earlier row',
    ]);
    write('incident-stack.yaml', 'frames:\n  - { printed: a+0x1/0x2 }\nsource: one\n');
    expect(faults(() => loadIncidentStack(folder))).toEqual([
      'incident-stack.yaml:2: frames row 1 (a+0x1/0x2), field name is missing',
    ]);
  });
});
