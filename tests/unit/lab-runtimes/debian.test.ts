import { expect, test } from 'vitest';
import { mirrorAmong } from '../../../lab/debian.ts';

test('the mirror is the archive that apt names, not another one with such an address', () => {
  const targets = [
    'https://packages.example.org/linux/debian Example',
    'http://security.example.net/debian-security Debian',
    'http://mirror.example.net/debian Debian',
  ].join('\n');
  expect(mirrorAmong(targets)).toBe('http://mirror.example.net/debian');
});

test('before apt has fetched its lists no origin is known', () => {
  expect(mirrorAmong('http://mirror.example.net/debian/ \n')).toBe(
    'http://mirror.example.net/debian/',
  );
});

test('a system without Debian archive has no mirror', () => {
  expect(mirrorAmong('http://archive.example.net/ubuntu Ubuntu\n')).toBeUndefined();
});
