import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lastChanges } from '../../../src/build/git-dates.node.ts';

const start = process.cwd();
const scratch = mkdtempSync(join(tmpdir(), 'git-dates-'));
const origin = join(scratch, 'origin');

function git(folder: string, date: string, ...options: string[]): void {
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.org', ...options], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
}

function commit(date: string, ...files: string[]): void {
  for (const file of files) writeFileSync(join(origin, file), date);
  git(origin, date, 'add', '.');
  git(origin, date, 'commit', '-m', date);
}

beforeAll(() => {
  mkdirSync(join(origin, 'pages'), { recursive: true });
  git(origin, '', 'init');
  commit('2026-01-01T10:00:00Z', 'pages/old.mdx', 'pages/卸载.mdx');
  commit('2026-02-02T10:00:00Z', 'pages/new.mdx', 'other');
  commit('2026-03-03T10:00:00Z', 'pages/new.mdx');
  git(scratch, '', 'clone', '--depth', '2', `file://${origin}`, 'shallow');
  mkdirSync(join(scratch, 'bare', 'pages'), { recursive: true });
});

afterAll(() => {
  process.chdir(start);
  rmSync(scratch, { recursive: true, force: true });
});

const days = (folder: string) => {
  process.chdir(folder);
  return Object.fromEntries(
    [...lastChanges('pages')].map(([file, date]) => [file, date.toISOString().slice(0, 10)]),
  );
};

test('a file is dated by the last commit that changed it', () => {
  expect(days(origin)).toEqual({
    'pages/old.mdx': '2026-01-01',
    'pages/卸载.mdx': '2026-01-01',
    'pages/new.mdx': '2026-03-03',
  });
});

test('where a shallow clone ends, a file has no date', () => {
  expect(days(join(scratch, 'shallow'))).toEqual({ 'pages/new.mdx': '2026-03-03' });
});

test('outside a repository there are no dates', () => {
  expect(days(join(scratch, 'bare'))).toEqual({});
});
