/** What programs said: the lines that matter, without what differs from run to run. */

/** Without what is another one each time: date, durations, port and names of temporary folders. */
export const undated = (line: string): string =>
  line
    .replace(/\b(time|t|duration|elapsed)="?[^\s"]+"?\s?/g, '')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replace(/containerd-mount\d+/g, 'containerd-mountN')
    .trim();

/** Warnings, errors and the last words of a program that gave up. */
export function complaints(log: string): string[] {
  const lines = log
    .split('\n')
    .filter((line) => /level=(warning|error|fatal)|^(containerd|ctr): /.test(line))
    .map(undated);
  return [...new Set(lines)];
}

/** The complaints of a run that another run, with nothing to complain of, does not have. */
export function complaintsBeyond(log: string, usual: string): string[] {
  const known = new Set(complaints(usual));
  return complaints(log).filter((line) => !known.has(line));
}

/** The line of a printed configuration that sets a key of a plugin's table; null: there is none. */
export function lineOf(printed: string, plugin: string, key: string): string | null {
  let table = '';
  for (const line of printed.split('\n').map((text) => text.trim())) {
    if (line.startsWith('[')) table = /^\[plugins\.["'](.+)["']\]$/.exec(line)?.[1] ?? '';
    else if (table === plugin && line.split(' ')[0] === key) return line;
  }
  return null;
}
