/** The reader's file with the smallest change, or a refusal that names the line and the way out. */
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { readPasted } from '../../../src/generate/merge/pasted.ts';
import { corpus, inWords, merge, noCorpus, remarks } from './merge-help.ts';
import { loadRemarks } from '../../../src/generate/merge/load.ts';
import { globSync, readFileSync } from 'node:fs';

const LONG = 'io.containerd.snapshotter.v1.overlayfs';
const HEAD = `[plugins."${LONG}"]`;

/** What a merge does to a text, as a reader sees it. */
function diff(before: string, wanted: Parameters<typeof merge>[1] = {}): string[] {
  const { changes, outcome, problem } = merge(before, wanted);
  if (outcome !== 'changed') return [`${outcome} ${problem?.id ?? ''}`.trim()];
  return changes.map(
    ({ line, before: was, after }) =>
      `${String(line)}: ${was === undefined ? '' : `-${was} `}${after === undefined ? '' : `+${after}`}`,
  );
}

describe('an existing list', () => {
  test.each([
    [
      'empty',
      `${HEAD}\n  mount_options = []\n`,
      ['2: -  mount_options = [] +  mount_options = ["volatile"]'],
    ],
    [
      'with a space',
      `${HEAD}\n  mount_options = [ ] # none\n`,
      ['2: -  mount_options = [ ] # none +  mount_options = ["volatile" ] # none'],
    ],
    [
      'of one',
      `${HEAD}\nmount_options=['index=off']\n`,
      ["2: -mount_options=['index=off'] +mount_options=['index=off', 'volatile']"],
    ],
    [
      'with a comma at its end',
      `${HEAD}\nmount_options = ["index=off",]\n`,
      ['2: -mount_options = ["index=off",] +mount_options = ["index=off", "volatile",]'],
    ],
    [
      'on many lines',
      `${HEAD}\nmount_options = [ # a\n\t"index=off", # b\n\t# c\n] # d\n`,
      ['4: +\t"volatile",'],
    ],
    [
      'on many lines, no comma',
      `${HEAD}\nmount_options = [\n  "index=off" # b\n]\n`,
      ['3: -  "index=off" # b +  "index=off", # b', '4: +  "volatile"'],
    ],
    [
      'closed on the last line',
      `${HEAD}\nmount_options = [\n  "a",\n  "b"]\n`,
      ['4: -  "b"] +  "b",', '5: +  "volatile"]'],
    ],
    [
      'empty on many lines',
      `${HEAD}\n  mount_options = [\n    # none yet\n  ]\n`,
      ['4: +    "volatile",'],
    ],
    [
      'inline',
      `[plugins]\n"${LONG}" = { upperdir_label = true, mount_options = ["a"] } # x\n`,
      [
        `2: -"${LONG}" = { upperdir_label = true, mount_options = ["a"] } # x +"${LONG}" = { upperdir_label = true, mount_options = ["a", "volatile"] } # x`,
      ],
    ],
  ])('%s', (_, text, lines) => {
    expect(diff(text)).toEqual(lines);
    expect(diff(text.replaceAll('\n', '\r\n'))).toEqual(lines);
    expect(merge(text.replaceAll('\n', '\r\n')).text).toBe(
      merge(text).text.replaceAll('\n', '\r\n'),
    );
    expect(merge(text.trimEnd()).text).toBe(merge(text).text.trimEnd());
  });

  test('that has the option is left as it is', () => {
    for (const text of [
      `${HEAD}\nmount_options = ["volatile"]`,
      `${HEAD}\r\nmount_options = [\r\n'index=off',\r\n'volatile'\r\n]\r\n`,
    ])
      expect(merge(text)).toMatchObject({ outcome: 'unchanged', text, changes: [] });
  });
});

describe('a table that is there', () => {
  test.each([
    [
      'under a header',
      `${HEAD}\n    root_path = '/x' # y\n    # mount_options = []\n\n# other\n[debug]\n`,
      ["3: +    mount_options = ['volatile']"],
    ],
    ['empty', `${HEAD}\n\n[debug]\n  level = "info"\n`, ['2: +  mount_options = ["volatile"]']],
    [
      'dotted',
      `[plugins]\n  "${LONG}".root_path = "/x" # c\n`,
      [`3: +  "${LONG}".mount_options = ["volatile"]`],
    ],
    [
      'dotted at the top',
      `plugins."${LONG}".upperdir_label=true\noom_score=0\n`,
      [`2: +plugins."${LONG}".mount_options=["volatile"]`],
    ],
    [
      'inline',
      `[plugins]\n"${LONG}" = { root_path = "/x" }\n`,
      [
        `2: -"${LONG}" = { root_path = "/x" } +"${LONG}" = { root_path = "/x", mount_options = ["volatile"] }`,
      ],
    ],
    [
      'inline and empty',
      `[plugins]\n"${LONG}" = {}\n`,
      [`2: -"${LONG}" = {} +"${LONG}" = { mount_options = ["volatile"] }`],
    ],
    [
      'dotted inside inline',
      `plugins = { "${LONG}".root_path = "/x" }\n`,
      [
        `1: -plugins = { "${LONG}".root_path = "/x" } +plugins = { "${LONG}".root_path = "/x", "${LONG}".mount_options = ["volatile"] }`,
      ],
    ],
  ])('%s', (_, text, lines) => {
    expect(diff(text)).toEqual(lines);
    expect(merge(text.trimEnd()).text).toBe(merge(text).text.trimEnd());
  });
});

describe('a table that is not there', () => {
  test.each([
    [
      'stands beside its siblings',
      `[plugins]\n  [plugins.'io.containerd.gc.v1.scheduler']\n    delay = '1s'\n\n# the log\n[debug]\n`,
      [
        "5: +  [plugins.'io.containerd.snapshotter.v1.overlayfs']",
        "6: +    mount_options = ['volatile']",
        '7: +',
      ],
    ],
    [
      'keeps the alphabet',
      `[plugins."io.containerd.a.v1.a"]\n[plugins."io.containerd.z.v1.z"]\n`,
      [`2: +${HEAD}`, '3: +  mount_options = ["volatile"]'],
    ],
    [
      'follows the last plugin',
      `[plugins."io.containerd.z.v1.z"]\n[plugins."io.containerd.a.v1.a"]\nb=1\n`,
      ['4: +', `5: +${HEAD}`, '6: +mount_options=["volatile"]'],
    ],
    [
      'comes last in a file without plugins',
      `version = 3\n`,
      ['2: +', `3: +${HEAD}`, '4: +  mount_options = ["volatile"]'],
    ],
    [
      'is dotted where all are',
      `plugins."io.containerd.a.v1.a".b = 1\n`,
      [`2: +plugins."${LONG}".mount_options = ["volatile"]`],
    ],
    [
      'is inline where all are',
      `plugins = {}\n`,
      [`1: -plugins = {} +plugins = { "${LONG}" = { mount_options = ["volatile"] } }`],
    ],
    [
      'comes before its own subtables',
      `[a]\n[plugins."${LONG}".x]\ny = 1\n`,
      [`2: +${HEAD}`, '3: +mount_options = ["volatile"]'],
    ],
  ])('%s', (_, text, lines) => {
    expect(diff(text)).toEqual(lines);
  });

  test('goes into a file of comments alone, with the version it needs', () => {
    expect(merge('# nothing here\n', { runtime: '1.7.24' }).text).toBe(
      `# nothing here\nversion = 2\n\n${HEAD}\n  mount_options = ["volatile"]\n`,
    );
  });
});

describe('the flush after a pull', () => {
  const pull = (text: string, runtime = '2.1.9'): string[] =>
    diff(text, { runtime, imagePullWithSyncFs: true, options: [] }).filter((line) =>
      /sync|grpc|images/.test(line),
    );
  test.each([
    ['1.7.24', 'version = 2\n', ['+[plugins."io.containerd.grpc.v1.cri"]']],
    ['1.7.24', '[plugins.cri]\n', ['+  image_pull_with_sync_fs = true']],
    ['2.1.9', 'version = 3\n', ['+[plugins."io.containerd.cri.v1.images"]']],
    // A file of version 2 that has the older table gets the key there.
    [
      '2.1.9',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n',
      ['3: +  image_pull_with_sync_fs = true'],
    ],
    [
      '2.1.9',
      'version = 2\n[plugins."io.containerd.cri.v1.images"]\n[plugins."io.containerd.grpc.v1.cri"]\nimage_pull_with_sync_fs = false\n',
      ['image_pull_with_sync_fs = false +image_pull_with_sync_fs = true'],
    ],
    // containerd 2 does not take the short table over.
    ['2.1.9', '[plugins.cri]\n', ['[plugins."io.containerd.cri.v1.images"]']],
  ])('%s: %j', (runtime, text, parts) => {
    const lines = pull(text, runtime).join('\n');
    for (const part of parts) expect(lines).toContain(part);
  });

  test('is left out where the release has no such key, and said so', () => {
    const result = merge('version = 2\n', { runtime: '1.6.39', imagePullWithSyncFs: true });
    expect(result.text).not.toContain('sync_fs');
    expect(result.warnings.map(({ id }) => id)).toContain('key-not-in-runtime');
  });

  test('for other clients goes to the diff service', () => {
    expect(merge('version = 3\n', { syncOnUnpack: true }).text).toContain(
      '[plugins."io.containerd.service.v1.diff-service"]\n  sync_fs = true\n',
    );
  });
});

/** Text, runtime, id, line. */
const refusals: readonly (readonly [text: string, runtime: string, id: string, line?: number])[] = [
  ['', '2.1.9', 'empty'],
  [' \n\t\n', '1.7.24', 'empty'],
  ['version = 2\n', '1.7', 'runtime'],
  ['\ufeffversion = 2\n', '2.1.9', 'bom', 1],
  ['a\0b', '2.1.9', 'binary', 1],
  ["version = 2\na = '''\r'''\n", '2.1.9', 'syntax', 2],
  ['{"plugins": {}}', '2.1.9', 'json', 1],
  ['[1, 2]', '2.1.9', 'json', 1],
  ['apiVersion: v1\nkind: Config\n', '2.1.9', 'yaml', 1],
  ['# a cluster\nkind: Cluster\ncontainerdConfigPatches:\n- |-\n  [plugins]\n', '2.1.9', 'yaml', 2],
  ['plugins:\n  overlayfs:\n    mount_options: [volatile]\n', '2.1.9', 'yaml', 1],
  ['<!DOCTYPE html>\n<html>', '2.1.9', 'html', 1],
  ['#!/bin/sh\ncat > /etc/containerd/config.toml <<EOF\nversion = 2\nEOF\n', '2.1.9', 'script', 1],
  ['time="2026-11-23T19:40:11Z" level=warning msg="x"\nversion = 2\n', '2.1.9', 'log-lines', 1],
  ['version = 2\nWARN[0000] x\n', '2.1.9', 'log-lines', 2],
  ['root@node:~# containerd config dump\nversion = 2\n', '2.1.9', 'prompt', 1],
  ['@@ -1,2 +1,3 @@\n version = 2\n+[plugins]\n', '2.1.9', 'diff', 1],
  ['version = 2\n[a]\nb = “c”\n', '2.1.9', 'typography', 3],
  ['root = "C:\\ProgramData\\containerd"\n', '2.1.9', 'windows-paths', 1],
  ["root = 'C:\\ProgramData\\containerd'\n", '2.1.9', 'windows-node', 1],
  ['[grpc]\naddress = "\\\\\\\\.\\\\pipe\\\\containerd-containerd"\n', '2.1.9', 'windows-node', 2],
  ['[crio]\n[crio.runtime]\n', '2.1.9', 'other-program'],
  ['version = 2\n[plugins]\na = { b = 1, }\n', '1.7.24', 'toml-1.1', 3],
  ['version = 2\n[plugins\n', '1.7.24', 'syntax', 2],
  [
    `version = 2\n${HEAD}\na = 1\n[plugins.'${LONG}']\nmount_options = []\n`,
    '1.7.24',
    'table-twice',
    4,
  ],
  ['version = 2\nroot = "a"\nroot = "b"\n', '1.7.24', 'key-twice', 3],
  ['version = "2"\n', '1.7.24', 'version-type', 1],
  ['version = 3\n', '1.7.24', 'version-refused-1.7', 1],
  ['version = 3\n', '1.6.39', 'version-refused-1.6', 1],
  ['# x\nversion = 4\n', '2.2.7', 'version-refused-2.0', 2],
  ['version = 5\n', '2.3.4', 'version-refused-2.3', 1],
  [`oom_score = 0\n${HEAD}\nmount_options = ["volatile"]\n`, '1.7.24', 'long-name-in-version-1', 2],
  ['[plugins."io.containerd.grpc.v1.cri"]\n', '1.6.39', 'long-name-in-version-1', 1],
  ['version = 2\n[plugins.overlayfs]\n', '1.7.24', 'short-name-in-version-2', 2],
  ['version = 3\n[plugins.overlayfs]\n', '2.1.9', 'short-name-in-version-2', 2],
  ['version = 2\n[plugins.cri]\n', '1.7.24', 'short-name-in-version-2', 2],
  [`version = 2\n[plugins.${LONG}]\nmount_options = []\n`, '2.1.9', 'unquoted-name', 2],
  ['version = 2\n[plugins.io.containerd.grpc.v1.cri]\n', '1.7.24', 'unquoted-name', 2],
  ['plugins = 3\n', '2.1.9', 'plugins-type', 1],
  [`version = 2\n[[plugins."${LONG}"]]\n`, '2.1.9', 'table-type', 2],
  [`version = 2\n${HEAD}\nmount_options = "volatile"\n`, '2.1.9', 'mount-options-type', 3],
  [`version = 2\n${HEAD}\nmount_options = true\n`, '1.7.24', 'mount-options-type', 3],
  [`version = 2\n${HEAD}\nmount_options = [1]\n`, '1.7.24', 'mount-options-type', 3],
  [`version = 2\n${HEAD}\nmount_options = ["volatil"]\n`, '2.1.9', 'option-misspelt', 3],
  [
    `version = 2\n${HEAD}\nmount_options = [\n"a",\n"fsync=strict"]\n`,
    '2.1.9',
    'fsync-contradicts',
    5,
  ],
];

describe('is refused and named', () => {
  test.each(refusals.map(([text, runtime, id, line]) => [text, runtime, id, line] as const))(
    '%j on %s: %s',
    (text, runtime, id, line) => {
      const result = merge(text, { runtime });
      expect(result).toMatchObject({ outcome: 'refused', text, changes: [] });
      expect(result.problem).toMatchObject({ id, line });
      for (const locale of ['en', 'zh-cn'] as const) {
        const said = inWords(result.problem ?? { id: '', line: undefined, values: {} }, locale);
        expect(said.text + said.way).not.toMatch(/\{[a-z]+\}/);
      }
    },
  );

  test.each([
    ['Go', 'version = 2{{if .X}}\n'],
    ['Go', '{{ template "base" . }}\n\n[plugins."x"]\n'],
    ['Helm', 'version = 2\n{{- include "x.y" . }}\n'],
    ['Helm', 'version = 2\nroot = {{ .Values.root }}\n'],
    ['Jinja', 'version = 2\n{% if x %}\nroot = "a"\n{% endif %}\n'],
    ['Jinja', 'root = {{ containerd_root }}\n'],
    ['Jinja', 'root = {{ containerd_root | default("a") }}\n'],
    ['Handlebars', '{{#if a}}\nroot = "a"\n{{/if}}\n'],
    ['EPP (Puppet)', '<%- | String $root | -%>\nroot = "<%= $root %>"\n'],
    ['ERB (Ruby)', '<% if @root %>\nroot = "<%= @root %>"\n<% end %>\n'],
    ['Bottlerocket', '+++\nversion = 2\n'],
    ['Terraform', '%{ if a ~}\nversion = 2\n%{ endif }\n'],
    ['shell', 'oom_score = ${SCORE}\n'],
  ])('a template: %s', (kind, text) => {
    expect(merge(text)).toMatchObject({
      outcome: 'refused',
      text,
      problem: { id: 'template', values: { kind } },
    });
  });
});

/** Text, runtime, id, line; the option is in the result all the same. */
const warned: readonly (readonly [text: string, runtime: string, id: string, line?: number])[] = [
  ['\ufeffversion = 2\n', '1.7.24', 'bom-kept', 1],
  [`version = 2\n${HEAD}\nmount_options = ["a", "b"]\n`, '1.7.24', 'three-options', 3],
  [`version = 2\n${HEAD}\nmount_options = ["index=on"]\n`, '2.1.9', 'index-on', 3],
  [`version = 2\n${HEAD}\nmount_options = ["a,b"]\n`, '2.1.9', 'options-joined', 3],
  [`version = 2\n${HEAD}\nmount_option = ["volatile"]\n`, '2.1.9', 'key-misspelt', 3],
  [
    'version = 2\n[plugins."io.containerd.snapshotter.v1.overlay"]\nmount_options = []\n',
    '2.1.9',
    'key-elsewhere',
    3,
  ],
  ['version = 3\n[plugins.cri]\n', '2.1.9', 'short-name-ignored', 2],
  ['[plugins.cri]\n[plugins."io.containerd.gc.v1.scheduler"]\n', '1.7.24', 'long-name-ignored', 2],
  ['version = 3\n[plugins.io.containerd.grpc.v1.cri]\n', '2.1.9', 'unquoted-ignored', 2],
  [`disabled_plugins = ["${LONG}"]\nversion = 2\n`, '2.1.9', 'plugin-disabled', 1],
  [
    'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd]\nsnapshotter = "zfs"\n',
    '1.7.24',
    'other-snapshotter',
    3,
  ],
  ['version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n', '1.7.24', 'imports-win', 2],
  ['version = 2\nroot = "${SNAP_DATA}/x"\n', '2.1.9', 'placeholders', 2],
  ['version = 2\r\n', '2.1.9', 'windows-line-ends'],
  ['version = 3\n', '1.7.10', 'version-tolerated-1.7', 1],
  ['version = 3\n', '1.6.24', 'version-tolerated-1.6', 1],
];

describe('is merged with a warning', () => {
  test.each(warned.map(([text, runtime, id, line]) => [text, runtime, id, line] as const))(
    '%j on %s: %s',
    (text, runtime, id, line) => {
      const result = merge(text, { runtime });
      expect(result.outcome).toBe('changed');
      expect(result.text).toContain('volatile');
      const warning = result.warnings.find((one) => one.id === id);
      expect(warning).toMatchObject({ id, line });
      if (warning !== undefined)
        for (const locale of ['en', 'zh-cn'] as const)
          expect(inWords(warning, locale).text).not.toMatch(/\{[a-z]+\}/);
    },
  );

  test('and is not warned of what is no trap there', () => {
    expect(merge(`version = 2\n${HEAD}\nmount_options = ["a", "b"]\n`).warnings).toEqual([]);
    expect(
      merge(`version = 2\n${HEAD}\nmount_options = ["a"]\n`, { runtime: '1.7.24' }).warnings,
    ).toEqual([]);
  });
});

describe('fsync=volatile', () => {
  const text = `version = 2\n${HEAD}\nmount_options = ['fsync=volatile'] # x\n`;
  test.each(['6.12.80', '6.18.21', '7.0', '7.3.0-rc4'])(
    'is left to Linux %s, which knows it',
    (kernel) => {
      expect(merge(text, { kernel })).toMatchObject({ outcome: 'unchanged', text, warnings: [] });
    },
  );
  test.each(['5.15.0-1051-aws', '6.12.79', '6.17.9'])('becomes volatile for Linux %s', (kernel) => {
    const result = merge(text, { kernel });
    expect(result.text).toBe(text.replace('fsync=', ''));
    expect(result.warnings).toMatchObject([{ id: 'fsync-replaced', line: 3 }]);
  });
  test('is named where no kernel is known', () => {
    expect(merge(text)).toMatchObject({
      outcome: 'unchanged',
      warnings: [{ id: 'fsync-unknown' }],
    });
  });
  test('beside volatile is refused for an old kernel', () => {
    expect(
      merge(text.replace("volatile']", "volatile', 'volatile']"), { kernel: '6.1' }),
    ).toMatchObject({ outcome: 'refused', problem: { id: 'fsync-spelling', line: 3 } });
  });
});

describe('a drop-in', () => {
  const path = '/etc/containerd/conf.d/10-volatile.toml';
  const main = `imports = ["conf.d/*.toml"]\nversion = 2\n${HEAD}\nroot_path = "/data/ovl"\nupperdir_label = true\nmount_options = ["metacopy=off"]\n`;
  const dropIn = (existing: string, runtime: string, text?: string) =>
    merge(existing, {
      runtime,
      imagePullWithSyncFs: true,
      dropIn: { path, ...(text === undefined ? {} : { main: text }) },
    });

  test('carries the rest of the table on 1.x, and the list', () => {
    const result = dropIn('', '1.7.24', main);
    expect(parse(result.text)).toMatchObject({
      plugins: {
        [LONG]: {
          root_path: '/data/ovl',
          upperdir_label: true,
          mount_options: ['metacopy=off', 'volatile'],
        },
      },
    });
    expect(result.warnings.map(({ id }) => id)).toContain('drop-in-replaces-table');
  });
  test('carries the list alone on 2', () => {
    expect(parse(dropIn('', '2.1.9', main).text)).toEqual({
      plugins: {
        [LONG]: { mount_options: ['metacopy=off', 'volatile'] },
        'io.containerd.cri.v1.images': { image_pull_with_sync_fs: true },
      },
    });
  });
  test('brings nothing back that it hides already', () => {
    const result = dropIn(`version = 2\n${HEAD}\nsync_remove = true\n`, '1.7.24', main);
    expect(parse(result.text)).toMatchObject({
      plugins: { [LONG]: { sync_remove: true, mount_options: ['volatile'] } },
    });
    expect(result.text).not.toContain('root_path');
    expect(result.warnings.map(({ id }) => id)).toContain('drop-in-hides-table');
  });
  test('leaves the CRI table of 1.x to the main file', () => {
    const result = dropIn(
      '',
      '1.7.24',
      `${main}[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "x"\n`,
    );
    expect(result.text).not.toContain('cri');
    expect(result.warnings.map(({ id }) => id)).toContain('key-needs-main');
  });
  test('says that the main file is not known', () => {
    expect(dropIn('', '1.7.24').warnings.map(({ id }) => id)).toEqual([
      'drop-in-main-unknown',
      'key-needs-main',
    ]);
  });
  test.each([
    ['imports = ["/etc/containerd/conf.d/*.toml"]', true],
    ['imports = ["./conf.d/10-*.toml"]', true],
    ['imports = ["/etc/containerd/conf.d/10-volatile.toml"]', true],
    ['imports = ["/etc/containerd/*/[0-9]?-volatile.toml"]', true],
    ['imports = ["/etc/containerd/config.d/*.toml"]', false],
    ['imports = ["/etc/containerd/*.toml"]', false],
    ['imports = []', false],
    ['version = 2', false],
  ])('%s: read %s', (text, reached) => {
    expect(dropIn('', '2.1.9', `${text}\n`).problem?.id).toBe(
      reached ? undefined : 'drop-in-not-imported',
    );
  });
  test('above its main file is refused by 2.3', () => {
    expect(dropIn('version = 3\n', '2.3.4', main).problem?.id).toBe('drop-in-version');
    expect(dropIn('version = 3\n', '2.1.9', main).outcome).toBe('changed');
  });
  test('below a main file that is none is refused', () => {
    expect(dropIn('', '2.1.9', '{{ a }}').problem?.id).toBe('drop-in-main');
  });
});

describe('every real configuration', () => {
  const cases = corpus.flatMap(({ name, text }) =>
    ['1.7.24', '2.1.9'].map((runtime) => ({ name, runtime, text })),
  );
  test.runIf(noCorpus === undefined).each(cases)('$name on $runtime', ({ text, runtime }) => {
    const wanted = { runtime, imagePullWithSyncFs: true };
    const result = merge(text, wanted);
    if (result.outcome === 'refused') {
      expect(result.text).toBe(text);
      return;
    }
    expect(result.outcome).toBe('changed');
    // Every line but the named ones is there, byte for byte, in its order.
    const touched = new Set(
      result.changes.filter(({ before }) => before !== undefined).map(({ before }) => before),
    );
    const kept = text.split('\n').filter((line) => !touched.has(line.replace(/\r$/, '')));
    const lines = result.text.split('\n');
    let at = 0;
    for (const line of kept) {
      at = lines.indexOf(line, at);
      expect(at, line).toBeGreaterThanOrEqual(0);
      at += 1;
    }
    expect(lines.length - text.split('\n').length).toBe(
      result.changes.filter(({ before }) => before === undefined).length,
    );
    expect(merge(result.text, wanted)).toMatchObject({ outcome: 'unchanged', text: result.text });
    expect(readPasted(text).kind).toBe('config');
  });
  test.runIf(noCorpus === undefined)(
    'is merged, but for three templates and what 1.7 does not read',
    () => {
      const refused = cases.filter(
        ({ text, runtime }) => merge(text, { runtime }).outcome === 'refused',
      );
      expect(refused.filter(({ runtime }) => runtime === '2.1.9')).toHaveLength(3);
      expect(
        refused
          .filter(({ runtime }) => runtime === '1.7.24')
          .map(({ text, runtime }) => merge(text, { runtime }).problem?.id)
          .sort(),
      ).toEqual([
        ...Array<string>(3).fill('template'),
        ...Array<string>(6).fill('version-refused-1.7'),
      ]);
    },
  );
});

test('every remark has its words, and no words lie idle', () => {
  const code = globSync('src/generate/merge/*.ts')
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const rows = loadRemarks();
  for (const { id, above, step } of rows)
    if (above === undefined && step === undefined) expect(code, id).toContain(`'${id}'`);
  const used = [...code.matchAll(/remark\(\s*'([a-z0-9.-]+)'/g)].map(([, id]) => id);
  const known = new Set(remarks.map(({ id }) => id));
  for (const id of used) expect(known).toContain(id);
});

test('what a drop-in says again of the main file stands there as it was written', () => {
  const carried = ['a = 1.0', 'b = 0.5', 'c = true', 'd = [1, 2]', 'e = 1979-05-27'];
  const main = `version = 2\nimports = ["/etc/containerd/conf.d/*.toml"]\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\n${carried.join('\n')}\n`;
  const { outcome, text } = merge('', {
    runtime: '1.7.24',
    dropIn: { path: '/etc/containerd/conf.d/10-volatile.toml', main },
  });
  expect(outcome).toBe('changed');
  for (const line of carried) expect(text.split('\n').map((one) => one.trim())).toContain(line);
});
