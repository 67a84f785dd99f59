import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv, type Cell } from '../../../src/evidence/csv.ts';

/** Reads a file by the grammar of RFC 4180, section 2, and nothing more lenient. */
function read(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at += 1; ; at += 1) {
        if (text[at] === '"') {
          if (text[at + 1] !== '"') break;
          at += 1;
        }
        if (at >= text.length) throw new Error('a quotation mark is left open');
        value += text.charAt(at);
      }
      at += 1;
    } else {
      const bare = /[^",\r\n]*/y;
      bare.lastIndex = at;
      value = bare.exec(text)?.[0] ?? '';
      at += value.length;
    }
    record.push(value);
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) record.push('');
    } else if (text.startsWith('\r\n', at)) {
      at += 2;
      records.push(record);
      record = [];
    } else throw new Error(`neither , nor the end of a line at ${at}`);
  }
  if (record.length > 0) throw new Error('the last line has no end');
  return records;
}

describe('CSV', () => {
  test('has a header row, lines that end with CR LF, and quoted text', () => {
    const text = toCsv(
      ['run', 'seconds', 'volatile', 'error'],
      [
        ['6.12-ext4-umount-64-plain', 3.3957, false, ''],
        ['says "no",\r\nthen nothing', 0, true, null],
      ],
    );
    expect(text).toBe(
      '"run","seconds","volatile","error"\r\n' +
        '"6.12-ext4-umount-64-plain",3.3957,false,""\r\n' +
        '"says ""no"",\r\nthen nothing",0,true,\r\n',
    );
  });

  test('a reader of the standard gets every table back', () => {
    const cell: fc.Arbitrary<Cell> = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '字', '"', ',', '\r', '\n', ' ', '=', '\t', '\0') }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    const tables = fc
      .integer({ min: 1, max: 5 })
      .chain((width) =>
        fc.tuple(
          fc.array(fc.string(), { minLength: width, maxLength: width }),
          fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 5 }),
        ),
      );
    fc.assert(
      fc.property(tables, ([header, rows]) => {
        const said = (value: Cell): string => (value === null ? '' : String(value));
        expect(read(toCsv(header, rows))).toEqual([header, ...rows.map((row) => row.map(said))]);
      }),
    );
  });

  test('numbers keep every digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [, row] = read(toCsv(['n'], [[value]]));
        // CSV has no negative zero, as JSON has none.
        expect(Number(row?.[0])).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
