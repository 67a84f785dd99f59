import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isNewEnough } from '../../../scripts/lib/node.mjs';
import { isInstalled } from '../../../scripts/lib/packages.mjs';
import { firstFree } from '../../../scripts/lib/ports.mjs';
import { hashOf, readStamp, writeStamp } from '../../../scripts/lib/stamp.mjs';

describe('a Node', () => {
  test.each([
    ['20.20.2', false],
    ['22.12.0', false],
    ['22.18.0', true],
    ['22.20.1', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('%s is new enough: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});

describe('packages', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  };

  test('are installed when npm has recorded the versions of the lock file', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  test('are not when one is missing or another version', () => {
    expect(isInstalled(lock, { packages: {} })).toBe(false);
    expect(isInstalled(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
  });

  // `npm ci` refuses a lock file that lacks one, those of other platforms included. npm leaves them
  // out where the registry does not have them at the version that is asked for.
  test('are all in the lock file, with what they depend on', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, Record<'dependencies' | 'optionalDependencies', object | undefined>>;
    };
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !places(path).some((place) => `${place}node_modules/${name}` in packages))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('a port', () => {
  const busy = (...ports: number[]) => {
    return (port: number) => Promise.resolve(!ports.includes(port));
  };

  test('is the wanted one where it is free', async () => {
    expect(await firstFree(4321, busy())).toBe(4321);
  });

  test('is the next free one where it is busy', async () => {
    expect(await firstFree(4321, busy(4321, 4322))).toBe(4323);
  });

  test('is none where no port is left', async () => {
    expect(await firstFree(65_535, busy(65_535))).toBeUndefined();
  });
});

describe('a stamp', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stamp-'));
    mkdirSync(join(folder, 'content/pages'), { recursive: true });
    writeFileSync(join(folder, 'content/pages/a.mdx'), 'one');
    writeFileSync(join(folder, 'package-lock.json'), '{}');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const hash = (also?: string[]) =>
    hashOf(folder, ['package-lock.json', 'content', 'absent'], also);

  test('stays while nothing changes', () => {
    expect(hash()).toBe(hash());
  });

  test.each<[string, () => void]>([
    [
      'a content',
      () => {
        writeFileSync(join(folder, 'content/pages/a.mdx'), 'two');
      },
    ],
    [
      'a new file',
      () => {
        writeFileSync(join(folder, 'content/pages/b.mdx'), '');
      },
    ],
    [
      'a removed file',
      () => {
        rmSync(join(folder, 'content/pages/a.mdx'));
      },
    ],
    [
      'an optional file',
      () => {
        writeFileSync(join(folder, 'absent'), '');
      },
    ],
  ])('changes with %s', (_, change) => {
    const before = hash();
    change();
    expect(hash()).not.toBe(before);
  });

  test('changes with what else it was made from', () => {
    expect(hash(['commit 1'])).not.toBe(hash(['commit 2']));
  });

  test('is read as it was written, and is nothing where it is not', () => {
    const file = join(folder, 'cache/build');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'abc');
    expect(readStamp(file)).toBe('abc');
  });
});

/** Where Node looks for what a package needs: in itself, then in every folder above it. */
function places(path: string): string[] {
  if (path === '') return [''];
  const up = path.lastIndexOf('node_modules/');
  return [`${path}/`, ...places(path.slice(0, Math.max(0, up - 1)))];
}
