import { describe, expect, test } from 'vitest';
import { isKernelPart, seriesOf, suitesFor } from '../../../lab/kernels.ts';
import { parseModules } from '../../../lab/initramfs.ts';
import { parseMirror, parsePackage, sourcesOf } from '../../../lab/packages.ts';

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
});

describe('packages', () => {
  const STANZA = `Package: linux-image-cloud-amd64
Source: linux-signed-amd64 (6.12.117+1)
Version: 6.12.117-1
Depends: linux-image-6.12.117+deb13-cloud-amd64 (= 6.12.117-1), kmod | other (>= 4)
Description: x
 Depends: not this
SHA256: 0123abc

Package: second
Version: 1
`;

  test('are read from the first stanza', () => {
    expect(parsePackage(STANZA)).toEqual({
      name: 'linux-image-cloud-amd64',
      version: '6.12.117-1',
      depends: ['linux-image-6.12.117+deb13-cloud-amd64', 'kmod'],
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
