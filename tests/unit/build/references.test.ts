import { describe, expect, test } from 'vitest';
import { libraryFor } from '../../../src/build/library.node.ts';
import type { OutlineComponent } from '../../../src/build/outline.ts';
import { References } from '../../../src/build/references.ts';
import type { Library } from '../../../src/build/references.ts';
import type { Source, Term } from '../../../src/facts/schema.ts';
import type { Recording } from '../../../src/recording/types.ts';

const source = (id: string): Source => ({
  id,
  title: id,
  by: 'somebody',
  date: '2026',
  url: `https://example.org/${id}`,
  kind: 'document',
});

const terms: readonly [Term] = [
  {
    id: 'copy-up',
    term: { en: 'x', 'zh-cn': 'x' },
    says: { en: 'x', 'zh-cn': 'x' },
    source: ['e'],
    status: 'read',
  },
];

const library: Library = {
  source,
  value: (id) => ({ id, value: 1, source: ['a', 'b'], status: 'read' }),
  term: (id) => ({ ...terms[0], id }),
  recording: (id) => ({ id }) as Recording,
  kernelFunction: () => {
    throw new Error('not asked');
  },
  syncPaths: () => [
    {
      id: 'fsync',
      operation: { en: 'x', 'zh-cn': 'x' },
      calls: ['fsync(2)'],
      purpose: { en: 'x', 'zh-cn': 'x' },
      chain: [{ fn: 'ovl_fsync' }],
      decision: { en: 'x', 'zh-cn': 'x' },
      lab: ['fsync'],
      source: ['c'],
      status: 'measured',
    },
  ],
  incidentStack: () => ({ frames: [], source: ['d'] }),
  glossary: () => terms,
  table: (name, topic) => [{ id: `${name}-${topic ?? 'all'}`, source: ['a', 'e'] }],
};

let mark = 0;
const component = (name: string, attributes: Record<string, string> = {}): OutlineComponent => ({
  kind: 'component',
  name,
  attributes,
  mark: (mark += 1),
});

describe('the sources of a page', () => {
  test('are numbered in the order of their first use and know every use', () => {
    mark = 0;
    const references = new References(
      [
        { kind: 'heading', depth: 2, id: 'x', text: 'x' },
        component('Cite', { id: 'b' }),
        component('Fact', { id: 'value' }),
        { kind: 'heading', depth: 3, id: 'y', text: 'y' },
        component('Measured', { run: 'run', value: 'seconds' }),
        component('Note'),
        component('SyncPaths'),
        component('IncidentStack'),
        component('Glossary'),
        component('Cite', { id: 'c' }),
        component('Measured', { run: 'run', value: 'seconds' }),
      ],
      library,
    );
    expect(references.list).toEqual([
      { number: 1, evidence: { source: source('b') }, uses: ['use-1', 'use-2-2'] },
      { number: 2, evidence: { source: source('a') }, uses: ['use-2'] },
      { number: 3, evidence: { recording: { id: 'run' } }, uses: ['use-3', 'use-9'] },
      { number: 4, evidence: { source: source('c') }, uses: ['use-fsync-c', 'use-8'] },
      { number: 5, evidence: { source: source('d') }, uses: ['use-incident-stack-d'] },
      { number: 6, evidence: { source: source('e') }, uses: ['use-copy-up-e'] },
    ]);
    expect(references.sectionOf('use-1')).toMatchObject({ id: 'x' });
    expect(references.sectionOf('use-3')).toMatchObject({ id: 'y' });
    expect(references.numberOf('c')).toBe(4);
    expect(references.numberOfRun('run')).toBe(3);
    expect(references.numberOf('run')).toBeUndefined();
  });

  test('a table of facts is cited row by row, and asked for by its topic', () => {
    const references = new References([component('Timeline', { topic: 'kernel' })], library);
    expect(references.list.map(({ uses }) => uses)).toEqual([
      ['use-Timeline-kernel-a'],
      ['use-Timeline-kernel-e'],
    ]);
  });

  test.each([
    ['Cite', { id: 'no-such-source' }, 'sources.yaml'],
    ['Fact', { id: 'no-such-value' }, 'values.yaml'],
    ['Measured', { run: 'no-such-run' }, 'content/recordings/no-such-run.json'],
  ])('an unknown id in <%s> names page, id and file', (name, attributes, file) => {
    const page = 'content/pages/en/umount.mdx';
    const collect = () => new References([component(name, attributes)], libraryFor(page));
    expect(collect).toThrow(page);
    expect(collect).toThrow(Object.values(attributes)[0]);
    expect(collect).toThrow(file);
  });

  test('a component without its id says so', () => {
    expect(() => new References([component('Cite')], library)).toThrow('<Cite> needs');
  });
});
