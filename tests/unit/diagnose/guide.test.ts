import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { libraryFor } from '../../../src/build/library.node.ts';
import { withValues } from '../../../src/build/risks.node.ts';
import { textParts } from '../../../src/diagnose/guide.ts';
import { loadCauses, loadCommands, loadKey } from '../../../src/diagnose/load.ts';
import type { Text } from '../../../src/facts/schema.ts';
import { locales } from '../../../src/i18n.ts';
import type { Recording } from '../../../src/recording/types.ts';

const questions = loadKey();
const commands = loadCommands();
const causes = loadCauses();

describe('the key', () => {
  const nextOf = (id: string): string[] =>
    questions
      .filter((question) => question.id === id)
      .flatMap(({ signs }) => signs.flatMap((sign) => ('next' in sign ? [sign.next] : [])));

  test('asks nothing in vain: every question is reached from the first', () => {
    const reached = new Set(questions.slice(0, 1).map(({ id }) => id));
    for (const id of reached) for (const next of nextOf(id)) reached.add(next);
    expect([...reached].sort()).toEqual(questions.map(({ id }) => id).sort());
  });

  test('ends in an answer, whichever way one takes', () => {
    const walk = (id: string, before: readonly string[]): void => {
      expect(before, `the key goes in a circle: ${[...before, id].join(' > ')}`).not.toContain(id);
      for (const next of nextOf(id)) walk(next, [...before, id]);
    };
    for (const { id } of questions.slice(0, 1)) walk(id, []);
  });

  test('names a command for each question', () => {
    const known = commands.map(({ id }) => id);
    for (const { how } of questions) expect(known).toContain(how);
  });

  test.each(locales)('leads to places that the page has (%s)', (locale) => {
    const page = readFileSync(`content/pages/${locale}/diagnose.mdx`, 'utf8');
    const places = new Set([
      ...[...page.matchAll(/<H[23] id="([^"]+)"/g)].map(([, id]) => `#${id ?? ''}`),
      ...commands.map(({ id }) => `#cmd-${id}`),
      ...causes.map(({ id }) => `#cause-${id}`),
      ...questions.map(({ id }) => `#key-${id}`),
    ]);
    const named = [
      ...questions.flatMap(({ signs }) =>
        signs.flatMap((sign) => ('see' in sign ? [sign.see] : [])),
      ),
      ...[...page.matchAll(/\]\((#[^)]+)\)/g)].map(([, to]) => to ?? ''),
    ];
    for (const place of named) expect(places).toContain(place);
  });

  test('says of an answer what its row says', () => {
    const helps = new Map(causes.map((cause) => [`#cause-${cause.id}`, cause.helps]));
    for (const { signs } of questions) {
      for (const sign of signs) {
        if (!('see' in sign)) continue;
        const row = helps.get(sign.see);
        // A disk that is too slow stays slow; the umount on it no longer waits.
        if (row === undefined || sign.see === '#cause-throttled') continue;
        expect(sign.is, sign.answer.en).toBe(row === 'perhaps' ? 'more' : row);
      }
    }
  });
});

test('every text fills its values', () => {
  const library = libraryFor('the guide');
  const texts: (Text | undefined)[] = [
    ...commands.flatMap(({ does, means, needs, trap }) => [does, means, needs, trap]),
    ...causes.flatMap(({ name, sign, instead }) => [name, sign, instead]),
  ];
  for (const text of texts.filter((one) => one !== undefined)) {
    for (const locale of locales)
      expect(withValues(text[locale], locale, library)).not.toMatch(/[{}]/);
  }
});

test('a text is cut at its code and links', () => {
  expect(textParts('Run `ps -L`, then [the key](#key).')).toEqual([
    { kind: 'words', text: 'Run ' },
    { kind: 'code', text: 'ps -L' },
    { kind: 'words', text: ', then ' },
    { kind: 'link', text: 'the key', to: '#key' },
    { kind: 'words', text: '.' },
  ]);
});

describe('the two names that decide', () => {
  /** The functions of a stack, leaf first: `[<0>] sync_filesystem.part.0+0x13/0x80`. */
  const functionsOf = (stack: readonly string[]): string[] =>
    stack.map((line) => /^\[<0>\] (\w+)/.exec(line)?.[1] ?? line);
  const asleep = globSync('content/recordings/*.json')
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
    .flatMap(({ id, scenario, samples, stacks }) =>
      samples
        .filter(({ state, stack }) => state === 'D' && stack !== undefined)
        .map(({ stack = 0 }) => {
          const names = functionsOf(stacks[stack] ?? []);
          const sync = names.indexOf('ovl_sync_fs');
          return {
            id,
            umount: /^(?:umount|close-detached)/.test(scenario),
            both: sync >= 0 && names.indexOf('generic_shutdown_super') > sync,
          };
        }),
    );

  test('stand in every sample of an umount that waits, and in no other', () => {
    expect(asleep.filter(({ umount, both }) => umount !== both).map(({ id }) => id)).toEqual([]);
  });

  test('were seen as often as the page says', () => {
    const { value } = libraryFor('the guide').value('umount-samples');
    expect(asleep.filter(({ umount }) => umount).length).toBe(value);
  });
});
