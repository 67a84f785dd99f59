import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { isKernelPart, seriesOf, suitesFor } from '../../../lab/kernels.ts';
import { parseModules } from '../../../lab/initramfs.ts';
import {
  findMirror,
  parseMirror,
  parsePackage,
  refusalOf,
  sourcesOf,
  Unavailable,
  unpack,
  unpackAll,
} from '../../../lab/packages.ts';
import { Refusal } from '../../../lab/refusal.ts';

describe('the mirror of the machine', () => {
  test('is told by the labels of its archives, wherever they lie', () => {
    const text = [
      'http://example.org/tools|Tools',
      'http://example.org/mirror/d/|Debian',
      'http://example.org/mirror/s|Debian-Security',
    ].join('\n');
    expect(parseMirror(text)).toEqual({
      archive: 'http://example.org/mirror/d',
      security: 'http://example.org/mirror/s',
    });
  });

  test('is told by its address before lists are fetched', () => {
    const text = 'http://example.org/debian-security|$(LABEL)\nhttp://example.org/debian|\n';
    expect(parseMirror(text)).toEqual({
      archive: 'http://example.org/debian',
      security: 'http://example.org/debian-security',
    });
  });

  test('is not the archive of somebody else whose address ends like it', () => {
    const text = [
      'http://example.org/linux/debian|Example CE',
      'http://example.org/second/debian|$(LABEL)',
    ].join('\n');
    expect(parseMirror(text)?.archive).toBe('http://example.org/second/debian');
  });

  test('is none where no source is an archive of Debian', () => {
    expect(parseMirror('http://example.org/ubuntu|Ubuntu\n')).toBeUndefined();
    expect(parseMirror('')).toBeUndefined();
  });

  test('gives the security updates where they are wanted and named', () => {
    const mirror = { archive: 'http://example.org/debian', security: 'http://example.org/s' };
    expect(sourcesOf('bookworm', mirror, true)).toBe(
      'deb http://example.org/debian bookworm main\ndeb http://example.org/s bookworm-security main\n',
    );
    expect(sourcesOf('forky', mirror, false)).toBe('deb http://example.org/debian forky main\n');
    expect(sourcesOf('trixie', { archive: 'http://example.org/debian' }, true)).toBe(
      'deb http://example.org/debian trixie main\n',
    );
  });

  test("is checked by the archive's own keys where they are there", () => {
    const mirror = { archive: 'http://example.org/debian', keyring: '/keys.gpg' };
    expect(sourcesOf('sid', mirror, false)).toBe(
      'deb [signed-by=/keys.gpg] http://example.org/debian sid main\n',
    );
  });
});

describe('packages', () => {
  const STANZA = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64 (6.12.117+1)
Version: 6.12.117-1
Installed-Size: 12
Depends: linux-image-6.12.117+deb13-cloud-amd64 (= 6.12.117-1), kmod | other (>= 4)
Description: x
 Depends: not this
Size: 3456
SHA256: 0123abc

Package: second
Version: 1
`;

  test('are read from the first stanza', () => {
    expect(parsePackage(STANZA)).toEqual({
      name: 'linux-image-cloud-amd64',
      version: '6.12.117-1',
      depends: ['linux-image-6.12.117+deb13-cloud-amd64', 'kmod'],
      size: 3456,
      unpackedSize: 12288,
      sha256: '0123abc',
    });
    expect(parsePackage('')).toBeUndefined();
  });

  test('hold the kernel in one or in three parts', () => {
    expect(
      [
        'linux-image-6.1.0-56-cloud-amd64',
        'linux-binary-7.2.12+deb14-cloud-amd64',
        'linux-modules-7.2.12+deb14-cloud-amd64',
        'linux-base',
        'linux-image-cloud-amd64',
      ].map(isKernelPart),
    ).toEqual([true, true, true, false, false]);
  });

  test('modules come in the order in which they load, each once, without those built in', () => {
    expect(
      parseModules(
        'builtin virtio_pci\ninsmod /k/virtio.ko \ninsmod /k/virtio_blk.ko.xz\ninsmod /k/virtio.ko a=1\n',
      ),
    ).toEqual(['/k/virtio.ko', '/k/virtio_blk.ko.xz']);
  });
});

describe('kernels', () => {
  const names = (wanted: string[]) => suitesFor(wanted).map(({ name }) => name);

  test('of a released series come from its suite alone', () => {
    expect(names(['6.12'])).toEqual(['trixie']);
    expect(names(['5.10', 'bookworm'])).toEqual(['bullseye', 'bookworm']);
  });

  test('of any other series are looked for where kernels move on', () => {
    expect(names(['7.2'])).toEqual(['forky', 'trixie-backports']);
    expect(names(['forky'])).toEqual(['forky']);
    expect(names([])).toHaveLength(5);
  });

  test('have the series of their version', () => {
    expect([seriesOf('6.12.117-1'), seriesOf('7.3~rc2-1~exp1')]).toEqual(['6.12', '7.3']);
    expect(() => seriesOf('new')).toThrow('new is not the version of a kernel');
  });
});

describe('a failure says what it means', () => {
  const failure = (said: string, code = 100) => refusalOf('It cannot be done', code, said);

  test('of a mirror that does not answer: apt says which, and the machine can be tried again', () => {
    const refusal = failure(
      [
        'Err:1 http://example.org/debian sid InRelease',
        'E: Failed to fetch http://example.org/debian/dists/sid/InRelease  Could not connect to 127.0.0.1:9',
        'E: Some index files failed to download.',
      ].join('\n'),
    );
    expect(refusal).toBeInstanceOf(Unavailable);
    expect(refusal.message).toContain('It cannot be done: the mirror does not answer.');
    expect(refusal.message).toContain('E: Failed to fetch http://example.org');
    expect(refusal.message).not.toContain('Err:1');
  });

  test.each([
    'W: GPG error: http://example.org sid InRelease: NO_PUBKEY 0123\nE: Failed to fetch it',
    "E: The repository 'http://example.org sid InRelease' is not signed.",
    'E: Failed to fetch http://example.org/p.deb  Hash Sum mismatch',
  ])('of a signature or a checksum, which is no absent mirror: %s', (said) => {
    expect(failure(said)).not.toBeInstanceOf(Unavailable);
    expect(failure(said).message).toContain('signature or checksum is wrong');
  });

  test.each([
    'E: Write error - write (28: No space left on device)',
    "dpkg-deb: error: cannot copy archive member from 'x' to decompressor pipe: failed to write (No space left on device)",
  ])('of a full disk: %s', (said) => {
    expect(failure(said).message).toBe(
      'It cannot be done: the disk that holds .cache/lab is full.\nMake room there, then run the lab again: nothing half-written stays in use.',
    );
  });

  test('of a missing program, and of anything else', () => {
    expect(failure('apt-get: not found', 127)).toBeInstanceOf(Unavailable);
    expect(failure('flock: failed to execute apt-get', 69)).toBeInstanceOf(Unavailable);
    expect(failure('', 124)).toBeInstanceOf(Unavailable);
    expect(failure('', 75).message).toContain('another run');
    expect(failure('out\nE: odd').message).toBe(
      'It cannot be done: it ended with 100.\n    E: odd',
    );
  });
});

describe('unpacking', () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'packages-'));
  const home = path.join(cache, 'programs', 'bookworm');
  const file = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text);
  };
  const note = '{"suite":"bookworm","name":"held","version":"1-2"}';
  afterAll(() => {
    rmSync(cache, { recursive: true });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('what was unpacked once needs no apt', async () => {
    file('held/.debian-package.json', note);
    vi.stubEnv('PATH', '/nowhere');
    expect(await unpackAll('bookworm', ['held'], { cache })).toEqual([
      { suite: 'bookworm', name: 'held', version: '1-2', root: path.join(home, 'held') },
    ]);
  });

  test('what was half unpacked when its run was killed is cleared away and not used', async () => {
    file('cut.4194305.half/.debian-package.json', note);
    file(`mine.${process.pid}.half/part`, 'of a run that goes on');
    vi.stubEnv('PATH', '/nowhere');
    await expect(unpackAll('bookworm', ['cut'], { cache })).rejects.toThrow(Unavailable);
    expect(readdirSync(home).sort()).toEqual(['held', `mine.${process.pid}.half`]);
  });

  test('without apt it says what it needs', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(unpackAll('bookworm', ['new'], { cache })).rejects.toThrow(
      "This machine's package sources cannot be read: there is no apt.",
    );
    await expect(findMirror()).rejects.toThrow(Unavailable);
  });

  describe('by the apt of this machine', () => {
    let obstacle: string | undefined;
    beforeAll(async () => {
      try {
        await findMirror();
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        obstacle = error.message;
        process.stderr.write(`skipped, unpacking by apt: ${obstacle}\n`);
      }
    });

    test('a mirror that cannot be reached ends it, with nothing half-written', async ({ skip }) => {
      if (obstacle !== undefined) return skip(obstacle);
      // Nobody listens on this port.
      for (const name of ['http_proxy', 'https_proxy']) vi.stubEnv(name, 'http://127.0.0.1:9');
      await expect(unpackAll('bookworm', ['runc'], { cache })).rejects.toThrow(
        'The package lists of bookworm cannot be fetched: the mirror does not answer.',
      );
      expect(readdirSync(path.join(cache, 'apt', 'bookworm'))).not.toContain('fetched');
      const lists = readdirSync(path.join(cache, 'apt', 'bookworm', 'lists'));
      expect(lists.filter((name) => /Packages|Release|partial/.test(name))).toEqual([]);
    });

    test('a disk without room ends it before anything is written', ({ skip }) => {
      if (obstacle !== undefined) return skip(obstacle);
      const small = mkdtempSync(path.join(tmpdir(), 'small-'));
      const lab = path.resolve('lab/packages.ts');
      const script = `import { unpackAll } from ${JSON.stringify(lab)};
        const said = await unpackAll('bookworm', ['runc'], { cache: ${JSON.stringify(small)} }).catch(String);
        console.log(said);`;
      const node = `exec "$0" --disable-warning=ExperimentalWarning --input-type=module -e "$2"`;
      const inside = `mount -t tmpfs -o size=1m tmpfs "$1" || exit 77; ${node}`;
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        [
          '--mount',
          '--propagation',
          'private',
          'sh',
          '-c',
          inside,
          process.execPath,
          small,
          script,
        ],
        { encoding: 'utf8' },
      );
      rmSync(small, { recursive: true });
      if (status !== 0 && stdout === '') return skip(`nothing may be mounted here: ${stderr}`);
      expect(stdout).toMatch(
        /^Refusal: The package lists of bookworm cannot be fetched: the disk that holds \.cache\/lab is full: \d+ MB are needed, \d+ MB are free\./,
      );
    });

    test('a package that the suite does not hold is named', async ({ skip }) => {
      if (obstacle !== undefined) return skip(obstacle);
      try {
        await unpack('bookworm', 'no-such-package');
        expect.unreachable();
      } catch (error) {
        if (error instanceof Unavailable) return skip(error.message);
        expect(error).toBeInstanceOf(Refusal);
        expect((error as Error).message).toBe(
          "Debian's bookworm holds no package no-such-package.",
        );
      }
    });
  });
});
