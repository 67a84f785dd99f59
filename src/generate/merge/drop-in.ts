/** A file that another one imports: does that one reach it, and what does it say itself? */
import { parseDocument, type TomlDocument } from './document.ts';
import { recognise, type Remark } from './recognise.ts';

export interface MainFile {
  document: TomlDocument;
  /** The `version` it states; 1 where it states none. */
  version: number;
  imports: readonly string[];
}

/** @param parse `parseDocument`, or one that remembers what it has read */
export function mainOf(
  text: string,
  parse: typeof parseDocument = parseDocument,
): { ok: true; main: MainFile } | { ok: false; problem: Remark } {
  const parsed = parse(text.replace(/^\ufeff/, ''));
  if (!parsed.ok) return { ok: false, problem: recognise(text, parsed.fault) };
  const { version, imports } = parsed.document.value;
  return {
    ok: true,
    main: {
      document: parsed.document,
      version: typeof version === 'number' && version > 0 ? version : 1,
      imports: Array.isArray(imports) ? imports.filter((one) => typeof one === 'string') : [],
    },
  };
}

/** Whether one of the main file's `imports` matches the drop-in. */
export function importsReach(
  { imports }: MainFile,
  { path, mainPath = '/etc/containerd/config.toml' }: { path: string; mainPath?: string },
): boolean {
  const folder = mainPath.slice(0, mainPath.lastIndexOf('/') + 1);
  return imports.some((pattern) => glob(tidy(absolute(pattern, folder))).test(tidy(path)));
}

/** A relative import is relative to the file that has it. */
function absolute(pattern: string, folder: string): string {
  return pattern.startsWith('/') ? pattern : folder + pattern;
}

function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The patterns of Go's filepath.Match: `*`, `?` and `[...]` within one part of a path. */
function glob(pattern: string): RegExp {
  const source = pattern.replace(/\[[^\]]+\]|[*?]|[^*?[]+|\[/g, (piece) => {
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    if (piece.length > 2 && piece.startsWith('['))
      return `[${piece.slice(1, -1).replaceAll('\\', '\\\\')}]`;
    return piece.replace(/[.+(){}|\\^$[\]]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return /$^/;
  }
}
