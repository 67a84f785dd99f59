/**
 * The rule of numbers: prose repeats no number that a row or a recording holds.
 *
 * Prose holds no digit and no number word with a unit. What varies is rendered (`<Fact>`,
 * `<Measured>`, `<Claim>`), so it changes where the row changes; code and what a machine prints
 * stand in backticks or fences. A version, time or size alone is no code, in backticks either. Two things may be typed: names that hold digits by nature
 * (content/words/names.yaml, each with its reason), and the number that opens a step in bold
 * (`**2. Who does not answer?**`), which is held to the count of the steps before it.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { nodes, prose } from './page.ts';
import type { Node, Page } from './page.ts';

const names = z.array(
  z.union([
    z.strictObject({ name: z.string(), reason: z.string() }),
    z.strictObject({ pattern: z.string(), inLink: z.boolean().optional(), reason: z.string() }),
  ]),
);

/** A name that may hold digits. */
export interface DigitName {
  shown: string;
  matches: RegExp;
  /** Allowed as the text of a link alone. */
  inLink: boolean;
}

/** The names of content/words/names.yaml. */
export function loadNames(): DigitName[] {
  const rows = names.parse(parse(readFileSync('content/words/names.yaml', 'utf8')));
  return rows.map((row) => {
    const pattern = 'name' in row ? row.name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : row.pattern;
    return {
      shown: 'name' in row ? row.name : row.pattern,
      matches: new RegExp(
        `(?<![\\p{L}\\p{N}._-])(?:${pattern})(?![\\p{Script=Latin}\\p{N}_-])`,
        'gu',
      ),
      inLink: 'inLink' in row && row.inLink === true,
    };
  });
}

/** A number in prose, as the place of it and what stands there. */
export interface Finding {
  line: number;
  text: string;
}

const UNITS_EN =
  'nanoseconds?|microseconds?|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|' +
  'bytes?|kilobytes?|megabytes?|gigabytes?|terabytes?|ns|µs|ms|[kKMGT]i?B(?:/s)?|per ?cent';
const WORDS_EN =
  'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty|forty|' +
  'fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen';
/** `one` counts too, save in "one second pass", where it does not stand before a unit alone. */
const SPELLED_EN = new RegExp(
  `\\b(?:one|${WORDS_EN})(?:[ -](?:${WORDS_EN}|and a half))*[ -](?:${UNITS_EN})\\b` +
    `|\\b(?:version|release|kernel|Linux|containerd|Docker)[ -](?:one|${WORDS_EN})\\b`,
  'giu',
);
/** 那一天, 每一秒 and 第一周 point at one; they count none. */
const SPELLED_ZH =
  /(?<![那这每某同第])[一二两三四五六七八九十百千万半]+(?:多|来)?个?\s?(?:纳秒|微秒|毫秒|秒|分钟|小时|天|周|月|年|字节|兆|[KMGT]i?B|倍)|百分之/gu;

/** Every number typed in a page's prose, against the rule above. */
export function numbersIn(page: Page, allowed: readonly DigitName[]): Finding[] {
  const steps = new Set(stepNumbers(page).map(({ node }) => node));
  const openings = new Set([...steps].map((node) => node.value));
  const found: Finding[] = [];
  for (const { text, line, linked } of prose(page)) {
    const name = (candidate: DigitName): boolean => linked || !candidate.inLink;
    const left = allowed
      .filter(name)
      .reduce(
        (rest, { matches }) => rest.replace(matches, (match) => ' '.repeat(match.length)),
        openings.has(text) ? text.replace(STEP, blank) : text,
      );
    const spelled = page.locale === 'en' ? SPELLED_EN : SPELLED_ZH;
    for (const match of [
      ...left.matchAll(/[\p{N}](?:[\p{N}.,:/-]*\p{N})?/gu),
      ...left.matchAll(spelled),
    ]) {
      found.push({
        line: line + (text.slice(0, match.index).match(/\n/g) ?? []).length,
        text: around(text, match.index, match[0].length),
      });
    }
  }
  for (const { value = '', position } of nodes(page.tree, 'inlineCode')) {
    if (BARE.test(value)) found.push({ line: position?.start.line ?? 0, text: `\`${value}\`` });
  }
  return found;
}

/** A version (`6.12`, `v5.10`, `1.x`), a time or a size. */
const BARE = /^v?\d+(?:\.(?:\d+|x))+$|^\d+(?:\.\d+)?\s?(?:[nµm]?s|min|h|[kKMGT]i?B(?:\/s)?|%)$/u;

const STEP = /^(\d+)\. /;
const blank = (match: string): string => ' '.repeat(match.length);

/** Numbers that open a step, each with the heading before it. */
function stepNumbers(page: Page): { node: Node; number: number; heading: Node | undefined }[] {
  let heading: Node | undefined;
  const found: { node: Node; number: number; heading: Node | undefined }[] = [];
  for (const node of nodes(page.tree)) {
    if (/^H[23]$/.test(node.name ?? '')) heading = node;
    const [strong] = node.type === 'paragraph' ? (node.children ?? []) : [];
    const [text] = strong?.type === 'strong' ? (strong.children ?? []) : [];
    const number = STEP.exec(text?.value ?? '')?.[1];
    if (text !== undefined && number !== undefined) {
      found.push({ node: text, number: Number(number), heading });
    }
  }
  return found;
}

/** Steps whose number is not their place among the steps of their section. */
export function miscountedSteps(page: Page): Finding[] {
  const steps = stepNumbers(page);
  return steps
    .filter(({ number, heading }, index) => {
      const before = steps.slice(0, index).filter((step) => step.heading === heading);
      return number !== before.length + 1;
    })
    .map(({ node }) => ({ line: node.position?.start.line ?? 0, text: node.value ?? '' }));
}

function around(text: string, start: number, length: number): string {
  const from = Math.max(0, start - 24);
  const to = start + length + 24;
  const cut = text.slice(from, to).replaceAll('\n', ' ').trim();
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`;
}
