import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  factVersion,
  formatVersion,
  inRange,
  parseRelease,
  parseVersion,
} from '../../../src/facts/version.ts';

describe('versions as people type and paste them', () => {
  test.each([
    ['2.1.4', '2.1.4'],
    ['v2.1.4', '2.1.4'],
    [' 1.7.24 ', '1.7.24'],
    ['containerd://1.7.24', '1.7.24'],
    ['1.7.24~ds1-6+deb13u1', '1.7.24'],
    ['2.1.9+unknown', '2.1.9'],
    ['1.7.28-0ubuntu1~24.04.1', '1.7.28'],
    ['1.7.23-k3s2', '1.7.23'],
    ['2.1.4+k3s1', '2.1.4'],
    ['2.2.0-1~ubuntu.24.04~noble', '2.2.0'],
    ['2.0.0-rc.3', '2.0.0-rc.3'],
    ['2.0.0~rc3', '2.0.0-rc.3'],
    ['2.4.0-beta.0', '2.4.0-beta.0'],
    ['1.7', '1.7'],
    ['1.7.x', '1.7'],
  ])('%s is %s', (text, expected) => {
    const version = parseVersion(text);
    expect(version && formatVersion(version)).toBe(expected);
  });

  test.each(['', '1', 'latest', '1.7.24 or so', '1..2', '1.7.', '-1.2.3', '1.2.3.4', 'v', '٢.٠.٠'])(
    '"%s" is none',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );
});

describe('order', () => {
  const ordered = [
    '1.6.9',
    '1.6.24',
    '1.7.0-rc.1',
    '1.7.0',
    '1.7.3',
    '1.7.24',
    '2.0.0-alpha.0',
    '2.0.0-beta.0',
    '2.0.0-beta.2',
    '2.0.0-rc.1',
    '2.0.0-rc.10',
    '2.0.0',
    '2.10.0',
  ];
  test('a pre-release lies before its release, and numbers count as numbers', () => {
    const shuffled = ordered.toReversed().map(factVersion);
    expect(shuffled.sort(compareVersions).map(formatVersion)).toEqual(ordered);
  });

  test('what a packager added changes nothing', () => {
    const suffix = fc.constantFrom('', '+k3s1', '~ds1-6', '-0ubuntu1~24.04.1', '-k3s2');
    const number = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(number, number, number, suffix, suffix, (major, minor, patch, one, other) => {
        const plain = `${String(major)}.${String(minor)}.${String(patch)}`;
        const [a, b] = [parseVersion(plain + one), parseVersion(`v${plain}${other}`)];
        expect(a && b && compareVersions(a, b)).toBe(0);
      }),
    );
  });

  test('`from` belongs to a range and `before` does not', () => {
    const range = { from: '1.7.4', before: '1.7.19' };
    expect(
      ['1.7.3', '1.7.4', '1.7.18', '1.7.19'].map((text) => inRange(factVersion(text), range)),
    ).toEqual([false, true, true, false]);
  });
});

test.each([
  ['6.12', '6.12'],
  ['4.18.0-513.el8.x86_64', '4.18.0'],
  ['5.15.0-1051-aws', '5.15.0'],
  ['6.12.117+deb13-cloud-amd64', '6.12.117'],
  ['5.15.90.1-microsoft-standard-WSL2', '5.15.90'],
  ['5.10.0-rc1', '5.10.0'],
  ['6', undefined],
  ['Linux', undefined],
  ['', undefined],
])('the kernel release %s begins with %s', (text, expected) => {
  const version = parseRelease(text);
  expect(version && formatVersion(version)).toBe(expected);
});
