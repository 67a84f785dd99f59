/**
 * The YAML and JSON that targets are given, held to what their readers publish: the schemas of
 * Kubernetes, that of cloud-init, and Ignition's own validator. The last two come out of Debian's
 * packages; skipped, and said so, where those cannot be had.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import { DaemonSet } from 'kubernetes-models/apps/v1';
import { ConfigMap } from 'kubernetes-models/v1';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { unpack, Unavailable } from '../../../lab/packages.ts';
import { ask, notable } from './rules.ts';

const run = promisify(execFile);
const minute = 60_000;

/** Every file of every target and roll-out, once, whether the node comes back or not. */
const files = [
  ...new Map(
    notable
      .flatMap(([name, question]) =>
        [true, false].flatMap((nodeReturns) =>
          ask({ ...question, nodeReturns }).files.map((file) => ({
            ...file,
            name,
            file: file.name,
          })),
        ),
      )
      .map((file) => [`${file.name} ${file.file} ${file.text}`, file]),
  ).values(),
];
const named = (pattern: RegExp): typeof files => files.filter(({ file }) => pattern.test(file));
const documentsOf = (text: string): unknown[] =>
  parseAllDocuments(text, { strict: true, uniqueKeys: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    return document.toJS() as unknown;
  });

test('every YAML and JSON file parses, without so much as a warning', () => {
  const texts = named(/\.(ya?ml|ign)$/);
  expect(texts.length).toBeGreaterThan(20);
  for (const { text } of texts) expect(documentsOf(text).length).toBeGreaterThan(0);
});

describe('Kubernetes', () => {
  const models = { ConfigMap, DaemonSet };
  type Kind = keyof typeof models;
  const errorOf = (object: unknown): string => {
    const { kind } = object as { kind: Kind };
    try {
      new models[kind](object as never).validate();
      return '';
    } catch (error) {
      return String(error);
    }
  };
  const objects = named(/daemonset\.yaml$/).flatMap(({ text }) => documentsOf(text));

  /** Each place in an object, as the keys that lead there. */
  function places(value: unknown, path: string[] = []): string[][] {
    if (typeof value !== 'object' || value === null) return [path];
    return [
      path,
      ...Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, key])),
    ].filter((place) => place.length > 0);
  }
  function replaced(object: unknown, path: readonly string[], by: unknown): unknown {
    const copy = structuredClone(object);
    const last = path
      .slice(0, -1)
      .reduce<unknown>((at, key) => Reflect.get(at as object, key), copy);
    Reflect.set(last as object, path.at(-1) ?? '', by);
    return copy;
  }

  test('there are both kinds to check', () => {
    expect(new Set(objects.map((object) => (object as { kind: string }).kind))).toEqual(
      new Set(['ConfigMap', 'DaemonSet']),
    );
  });

  test('each object is valid', () => {
    expect(objects.map(errorOf).filter((error) => error !== '')).toEqual([]);
  });

  test('each key is one that the schema knows', () => {
    // The schema lets unknown keys pass; a key that it knows does not take a value of no JSON type.
    const unknown = objects.flatMap((object) =>
      places(object).filter((path) => errorOf(replaced(object, path, Symbol('none'))) === ''),
    );
    expect(unknown).toEqual([]);
  });
});

/** What a package of Debian holds; the tests of the group are skipped where it cannot be had. */
function packaged(name: string): { root: () => string } {
  let root = '';
  let unavailable: string | undefined;
  beforeAll(async () => {
    try {
      root = (await unpack('bookworm', name)).root;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
      process.stderr.write(`skipped, what ${name} of Debian says of targets: ${unavailable}\n`);
    }
  }, minute);
  beforeEach(({ skip }) => {
    if (unavailable !== undefined) skip(unavailable);
  });
  return { root: () => root };
}

describe('cloud-init', () => {
  const { root } = packaged('cloud-init');

  test('its schema takes the user data, and not a misspelt one', () => {
    const path = 'usr/lib/python3/dist-packages/cloudinit/config/schemas';
    const schema = JSON.parse(
      readFileSync(join(root(), path, 'schema-cloud-config-v1.json'), 'utf8'),
    ) as object;
    // It is of draft 4, which this validator reads as well: the keywords that changed are not used.
    Reflect.deleteProperty(schema, '$schema');
    const validate = new Ajv({ unknownFormats: 'ignore', logger: false }).compile(schema);
    const texts = named(/^user-data\.yaml$/).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(5);
    for (const text of texts) {
      expect(text).toMatch(/^#cloud-config\n/);
      for (const document of documentsOf(text))
        expect([validate(document), validate.errors]).toEqual([true, null]);
      expect(validate(documentsOf(text.replace('permissions:', 'permission:'))[0])).toBe(false);
    }
  });
});

describe('Ignition', () => {
  const { root } = packaged('ignition');
  const folder = mkdtempSync(join(tmpdir(), 'ignition-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function verdict(text: string): Promise<string> {
    const path = join(folder, 'config.ign');
    writeFileSync(path, text);
    return run(join(root(), 'usr/bin/ignition-validate'), [path]).then(
      ({ stdout, stderr }) => `${stdout}${stderr}`,
      (error: unknown) => `refused: ${String(error)}`,
    );
  }

  test('its validator takes every configuration, and not a misspelt one', async () => {
    const texts = named(/\.ign$/).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) {
      expect(await verdict(text)).toBe('');
      expect(await verdict(text.replace('"overwrite"', '"overwrites"'))).toContain('overwrites');
      expect(await verdict(text.replace('/etc/', 'etc/'))).toMatch(/^refused/);
    }
  });

  test('and the one inside a MachineConfig of OpenShift', async () => {
    const [text = ''] = named(/^99-worker-no-volatile\.yaml$/).map((file) => file.text);
    const [machine] = documentsOf(text) as { spec: { config: unknown } }[];
    expect(await verdict(JSON.stringify(machine?.spec.config))).toBe('');
  });
});
