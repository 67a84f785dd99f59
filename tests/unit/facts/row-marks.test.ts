/** Marks of rows are anchors: no two rows that can meet on a page, or in the references, share one. */
import { expect, test } from 'vitest';
import { rowMarkId } from '../../../src/build/references.ts';
import { loadContainerdMounts, timelineOf } from '../../../src/build/history.node.ts';
import { risksOf } from '../../../src/build/risks.node.ts';
import { loadCauses, loadCommands } from '../../../src/diagnose/load.ts';
import { loadGlossary, loadKernels } from '../../../src/facts/load.ts';

test('the mark of a row names one row', () => {
  const rows = [
    ...loadGlossary(),
    ...loadKernels().changes,
    ...timelineOf('kernel'),
    ...timelineOf('containerd'),
    ...loadContainerdMounts(),
    ...risksOf('avoid'),
    ...risksOf('check'),
    ...loadCauses(),
    ...loadCommands(),
  ];
  const marks = rows.flatMap(({ id, source }) => source.map((one) => rowMarkId(id, one)));
  expect(marks.length).toBeGreaterThan(100);
  expect(marks.filter((mark, index) => marks.indexOf(mark) !== index)).toEqual([]);
});
