/** What the guest's first process says on its console, one line each. */
export type Word =
  | { kind: 'up'; seconds: number; release: string }
  | { kind: 'run'; number: number; of: number; name: string }
  | { kind: 'cut'; name: string }
  | { kind: 'failed'; name: string; reason: string }
  | { kind: 'broken'; reason: string }
  | { kind: 'end' };

/** Reads one line of the console; undefined for whatever the kernel or a program prints. */
export function parseWord(line: string): Word | undefined {
  const [, kind = '', rest = ''] = /^LAB (\w+) ?(.*)$/.exec(line.trim()) ?? [];
  const words = rest.split(' ');
  switch (kind) {
    case 'up':
      return { kind, seconds: Number(words[0]), release: words[1] ?? '' };
    case 'run':
      return { kind, number: Number(words[0]), of: Number(words[1]), name: words[2] ?? '' };
    case 'cut':
      return { kind, name: rest };
    case 'failed':
      return { kind, name: words[0] ?? '', reason: words.slice(1).join(' ') };
    case 'broken':
      return { kind, reason: rest };
    case 'end':
      return { kind };
    default:
      return undefined;
  }
}

/** The last lines of a console that are worth showing. */
export function tail(text: string, lines = 12): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
}
