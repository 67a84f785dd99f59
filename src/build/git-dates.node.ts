import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When files below `folder` were last changed, by path from the repository's root: the dates of
 * the commits. Without git, outside a clone, or where a shallow clone ends, a file has no entry:
 * a shallow clone's oldest commit seems to touch every file and would date them wrongly.
 */
export function lastChanges(folder: string): ReadonlyMap<string, Date> {
  const log = git('log', '--format=%x00%H %cI', '--name-only', '--relative', '--', folder);
  if (log === undefined) return new Map();
  const boundary = shallowCommits();
  const dates = new Map<string, Date>();
  for (const commit of log.split('\0').slice(1)) {
    const [head = '', ...files] = commit.split('\n').filter((line) => line !== '');
    const [hash = '', date = ''] = head.split(' ');
    for (const file of files) {
      if (!dates.has(file) && !boundary.has(hash)) dates.set(file, new Date(date));
    }
  }
  return dates;
}

function shallowCommits(): ReadonlySet<string> {
  const path = git('rev-parse', '--git-path', 'shallow')?.trim();
  if (path === undefined) return new Set();
  try {
    return new Set(readFileSync(path, 'utf8').split('\n'));
  } catch {
    return new Set();
  }
}

function git(...options: string[]): string | undefined {
  try {
    return execFileSync('git', ['-c', 'core.quotePath=false', ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch {
    return undefined;
  }
}
