/** The figure as the server writes it: the whole answer is there before any script runs. */
import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import ConfigGenerator from '../../../src/figures/config-generator/ConfigGenerator.svelte';
import { questionOf, readLink } from '../../../src/figures/config-generator/link.ts';
import { loadProps, shortName } from '../../../src/figures/config-generator/load.ts';
import { locales } from '../../../src/i18n.ts';
import { loadSources } from '../../../src/facts/load.ts';
import { generate } from '../../../src/generate/targets/generate.ts';

const first = questionOf(readLink('', ['containerd']).state);

describe.each(locales)('in %s', (locale) => {
  const props = loadProps(locale);
  const { body } = render(ConfigGenerator, { props });
  const text = body.replace(/<!--.*?-->/g, '').replace(/<[^>]*>/g, '');

  test('the answer to the first question works and is complete', () => {
    const answer = generate(first, props.rules);
    expect(answer.verdict).toBe('works');
    expect(text).toContain(props.ui.verdict.works);
    for (const line of answer.files.flatMap((file) => file.lines))
      expect(text).toContain(line.text.trim());
    for (const reason of [...answer.reasons, ...answer.warnings])
      expect(text).toContain(reason.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'));
  });

  test('no style attribute, which the policy of the site forbids', () => {
    expect(body).not.toMatch(/\sstyle=/);
  });

  test('every id is there once, and what refers to an id finds it', () => {
    const ids = [...body.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of body.matchAll(/\s(?:aria-labelledby|aria-describedby|list)="([^"]*)"/g))
      expect(ids).toContain(id);
  });

  test('the file can be had without a script', () => {
    const href = /href="data:application\/toml;charset=utf-8,([^"]*)"/.exec(body)?.[1] ?? '';
    expect(decodeURIComponent(href)).toBe(generate(first, props.rules).files[0]?.text);
  });

  test('carries the sources it cites and no others', () => {
    const rules = JSON.stringify(props.rules);
    for (const [id, source] of Object.entries(props.evidence.sources)) {
      expect(rules).toContain(`"${id}"`);
      expect(source.label.length).toBeLessThan(90);
      if (source.url.startsWith('/'))
        expect(source.url.startsWith('/zh-cn/')).toBe(locale === 'zh-cn');
    }
  });
});

test.each([
  ['containerd-10333', 'containerd#10333'],
  ['commit-volatile', 'commit c86243b090bc'],
  ['alibaba-ovl-entry', 'ovl_entry.h'],
  ['containerd-releases', 'RELEASES.md'],
  ['run-containerd-config', 'our run'],
])('%s is cited as %s', (id, label) => {
  const source = loadSources().find((row) => row.id === id);
  expect(source && shortName(source, 'our run')).toBe(label);
});
