import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decimal,
  decode,
  encode,
  flag,
  integer,
  merge,
  oneOf,
  pattern,
  type Schema,
} from '../../../src/share/codec.ts';

interface State {
  kernel: '5.10' | '6.1' | '6.12';
  volatile: boolean;
  step: number;
  rate: number;
  frame: string;
}

const schema: Schema<State> = {
  kernel: oneOf(['5.10', '6.1', '6.12'], '6.12'),
  volatile: flag(false),
  step: integer({ min: -5, max: 900, fallback: 0 }),
  rate: decimal({ min: 0, max: 5000, digits: 3, fallback: 20 }),
  frame: pattern(/[\w.+~-]{1,64}/, ''),
};

const initial: State = { kernel: '6.12', volatile: false, step: 0, rate: 20, frame: '' };

const states: fc.Arbitrary<State> = fc.record({
  kernel: fc.constantFrom('5.10', '6.1', '6.12'),
  volatile: fc.boolean(),
  step: fc.integer({ min: -5, max: 900 }),
  rate: fc.integer({ min: 0, max: 5_000_000 }).map((thousandths) => thousandths / 1000),
  frame: fc.stringMatching(/^[\w.+~-]{0,64}$/),
});

/** Queries as anybody may type them: other keys, ours with garbage, stray separators. */
const queries = fc
  .array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom('kernel', 'volatile', 'step', 'theme', 'x'), fc.string())
        .map(([key, value]) => `${key}=${encodeURIComponent(value)}`),
      fc.constantFrom('', '=', '&', 'kernel', '%', '__proto__=1', 'constructor=1'),
    ),
  )
  .map((parts) => `?${parts.join('&')}`);

describe('a link and its state', () => {
  test('every state survives its own link', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decode(schema, encode(schema, state))).toEqual({ state, problems: [] });
      }),
    );
  });

  test('defaults are left out and keys keep the order of the schema', () => {
    expect(encode(schema, initial)).toBe('');
    expect(encode(schema, { ...initial, volatile: true, kernel: '5.10' })).toBe(
      '?kernel=5.10&volatile=on',
    );
  });

  test.each([
    ['?kernel=9.9', { key: 'kernel', raw: '9.9', fallback: '6.12' }],
    ['?volatile=yes', { key: 'volatile', raw: 'yes', fallback: 'off' }],
    ['?volatile=', { key: 'volatile', raw: '', fallback: 'off' }],
    ['?step=1.5', { key: 'step', raw: '1.5', fallback: '0' }],
    ['?step=901', { key: 'step', raw: '901', fallback: '0' }],
    ['?step=99999999999999999999', { key: 'step', raw: '99999999999999999999', fallback: '0' }],
    ['?rate=1e3', { key: 'rate', raw: '1e3', fallback: '20' }],
    ['?rate=5000.001', { key: 'rate', raw: '5000.001', fallback: '20' }],
    ['?frame=a%20b', { key: 'frame', raw: 'a b', fallback: '' }],
  ])('%s falls back and is reported', (search, problem) => {
    expect(decode(schema, search)).toEqual({ state: initial, problems: [problem] });
  });

  test('the first of two equal keys counts', () => {
    expect(decode(schema, '?step=3&step=x').state.step).toBe(3);
  });

  test('any query gives a whole state, and problems only about own keys', () => {
    fc.assert(
      fc.property(queries, (search) => {
        const { state, problems } = decode(schema, search);
        expect(Object.keys(state)).toEqual(Object.keys(schema));
        for (const problem of problems) expect(Object.keys(schema)).toContain(problem.key);
        expect(decode(schema, encode(schema, state))).toEqual({ state, problems: [] });
      }),
    );
  });
});

describe('several figures in one address', () => {
  test('keys of others stay letter for letter', () => {
    expect(merge(schema, { ...initial, step: 4 }, '?theme=a%20b&step=9&x')).toBe(
      '?theme=a%20b&x&step=4',
    );
    expect(merge(schema, initial, '?step=9')).toBe('');
  });

  test('merging replaces own keys, keeps foreign ones and is idempotent', () => {
    fc.assert(
      fc.property(states, queries, (state, search) => {
        const merged = merge(schema, state, search);
        expect(decode(schema, merged)).toEqual({ state, problems: [] });
        expect(merge(schema, state, merged)).toBe(merged);
        const foreign = (query: string): [string, string][] =>
          [...new URLSearchParams(query)].filter(([key]) => !Object.hasOwn(schema, key));
        expect(foreign(merged)).toEqual(foreign(search));
      }),
    );
  });
});

describe('keys', () => {
  test('a value that could not be read back is never written into a link', () => {
    expect(encode(schema, { ...initial, step: 4000, frame: 'two words' })).toBe('');
  });

  test('decimals drop trailing zeros, exponents and the sign of zero', () => {
    const key = decimal({ min: -1, max: 1000, digits: 7, fallback: 1 });
    expect([0.5, 100, 1e-7, -0].map((value) => key.format(value))).toEqual([
      '0.5',
      '100',
      '0.0000001',
      '0',
    ]);
    expect(Object.is(key.parse('-0'), 0)).toBe(true);
  });

  test('patterns match whole texts and remember nothing', () => {
    const key = pattern(/\d+/g, '');
    expect([key.parse('12'), key.parse('12'), key.parse('a12')]).toEqual(['12', '12', undefined]);
  });
});
