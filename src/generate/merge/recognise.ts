/**
 * What a text is that is not the TOML file it was taken for. Nothing here mends anything: the
 * reader is told what it looks like, and where.
 */
import { keysOf, parseDocument, type Fault, type TomlDocument } from './document.ts';

/** Something to tell the reader: its words are the row of content/facts/containerd-merge.yaml. */
export interface Remark {
  id: string;
  /** Where, from 1, in the text that was pasted. */
  line: number | undefined;
  /** What the row's placeholders stand for. */
  values: Readonly<Record<string, string>>;
}

export function remark(
  id: string,
  line?: number,
  values: Readonly<Record<string, string>> = {},
): Remark {
  return { id, line, values: { ...values, ...(line === undefined ? {} : { line: String(line) }) } };
}

/** Kinds of template, the telling ones first: one that another one's signs also fit stands later. */
const templates: readonly { name: string; sign: RegExp }[] = [
  {
    name: 'Helm',
    sign: /\{\{-?\s*[^}]*(?:\.Values\b|\.Release\b|\.Chart\b|\binclude "|\btoYaml\b)/,
  },
  { name: 'Handlebars', sign: /\{\{[#/>]\s*[a-z]/ },
  { name: 'Jinja', sign: /\{%|\{#|\{\{-?\s*[a-z_][\w.[\]'"]*\s*\|\s*[a-z]/i },
  {
    name: 'Go',
    sign: /\{\{-?\s*(?:\.|\$|\/\*|(?:if|else|end|range|with|template|define|block|printf|eq|not|and|or)\b)|\{\{-|-\}\}/,
  },
  { name: 'EPP (Puppet)', sign: /<%-?\s*\||<%[-=]?\s*(?:if\s+)?\$/ },
  { name: 'ERB (Ruby)', sign: /<%/ },
  { name: 'Jinja', sign: /\{\{/ },
  { name: 'Terraform', sign: /%\{\s*(?:if|for|endif|endfor)/ },
  { name: 'shell', sign: /\$\{[A-Za-z_]\w*\}|\$\([a-z]/ },
  { name: '@NAME@', sign: /@[A-Z][A-Z_]+@/ },
];

/** The kind of template whose signs a text bears, and the line of the first one. */
export function templateIn(text: string): { kind: string; line: number } | undefined {
  for (const { name, sign } of templates) {
    const match = sign.exec(text);
    if (match !== null) return { kind: name, line: lineOfOffset(text, match.index) };
  }
  return undefined;
}

/** The placeholders that a file which is TOML has inside its strings and comments. */
export function placeholders(document: TomlDocument): { kind: string; line: number } | undefined {
  const { text } = document;
  const pieces = [
    ...document.program.tokens.filter((token) => token.type.endsWith('String')),
    ...document.program.comments,
  ].sort((a, b) => a.range[0] - b.range[0]);
  const masked = pieces.map(({ range }) => text.slice(...range)).join('\n');
  const found = templateIn(masked);
  if (found === undefined) return undefined;
  for (const { range } of pieces) {
    const inPiece = templateIn(text.slice(...range));
    if (inPiece !== undefined)
      return { kind: found.kind, line: lineOfOffset(text, range[0]) + inPiece.line - 1 };
  }
  return undefined;
}

const LOG =
  /^(?:time="[^"]*" level=|(?:TRAC|DEBU|INFO|WARN|ERRO|FATA)\[|containerd: |\{"level":|[A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \S+ \S+\[\d+\]:|\d{4}-\d\d-\d\dT[\d:.]+\S* \S+ \S+\[\d+\]:)/;
const PROMPT = /^(?:\S+@\S+[:~ ][^#$]*[#$] |[$#] (?:sudo |cat |containerd |crictl |vi |nano )\S*)/;

/** @param fault where the TOML parser stopped */
export function recognise(text: string, fault: Fault): Remark {
  if (text.trim() === '') return remark('empty');
  const lines = text.split(/\r?\n/);
  const find = (pattern: RegExp): number | undefined => {
    const index = lines.findIndex((one) => pattern.test(one));
    return index < 0 ? undefined : index + 1;
  };
  if (text.includes('\0')) return remark('binary', lineOfOffset(text, text.indexOf('\0')));
  if (isJson(text)) return remark('json', 1);
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(text)) return remark('html', 1);
  const shell = find(/^#!|^\s*(?:sudo )?(?:cat|tee)\b.*<<-?\s*['"]?\w+/);
  if (shell !== undefined) return remark('script', shell);
  const front = find(/^\+\+\+\s*$/);
  const template = templateIn(text);
  if (front !== undefined && (template !== undefined || front <= 12))
    return remark('template', front, { kind: 'Bottlerocket' });
  const log = find(LOG);
  if (log !== undefined) return remark('log-lines', log);
  const prompt = find(PROMPT);
  if (prompt !== undefined) return remark('prompt', prompt);
  const yaml = yamlLine(lines);
  if (yaml !== undefined) return remark('yaml', yaml);
  const at = lines[fault.line - 1] ?? '';
  // A template's signs in a comment are no reason why another line is not TOML.
  if (template !== undefined && templateIn(withoutComments(lines).join('\n')) !== undefined)
    return remark('template', template.line, { kind: template.kind });
  const diff = find(/^(?:diff --git |@@ -\d|--- \S+\/|<<<<<<< |>>>>>>> )/);
  if (diff !== undefined) return remark('diff', diff);
  const twice = tableTwice(lines);
  if (twice !== undefined && twice.line >= fault.line)
    return remark('table-twice', twice.line, {
      table: twice.header,
      first: String(twice.first),
    });
  if (fault.message.startsWith('Defining a key multiple times'))
    return remark('key-twice', fault.line, { text: at.trim() });
  if (/[“”„‘’\u00a0\u200b]/.test(at)) return remark('typography', fault.line, { text: at.trim() });
  if (/=\s*"[A-Za-z]:\\/.test(at) || /=\s*"\\\\/.test(at))
    return remark('windows-paths', fault.line, { text: at.trim() });
  if (parseDocument(text, '1.1').ok)
    return remark('toml-1.1', fault.line, { text: at.trim(), says: fault.message });
  return remark('syntax', fault.line, {
    text: at.trim().slice(0, 80),
    column: String(fault.column),
    says: fault.message,
  });
}

/** A whole object or list of JSON; `[plugins]` alone on a line also begins with a bracket. */
function isJson(text: string): boolean {
  const trimmed = text.trim();
  if (!/^[{[]/.test(trimmed)) return false;
  if (/^\{\s*"[^"]*"\s*:/.test(trimmed)) return true;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

/** The first line of something that is written as YAML throughout. */
function yamlLine(lines: readonly string[]): number | undefined {
  const said = lines
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => !/^\s*(?:#.*)?$/.test(text));
  const [first] = said;
  if (first === undefined) return undefined;
  const mapping = said.filter(({ text }) =>
    /^\s*(?:- )?["']?[\w./-]+["']?:(?:\s|$)|^\s*- \S|^---/.test(text),
  );
  if (/^(?:---|apiVersion:|kind:)/.test(first.text)) return first.line;
  if (mapping[0]?.line !== first.line) return undefined;
  return mapping.length * 2 >= said.length || mapping.length >= 2 ? first.line : undefined;
}

function withoutComments(lines: readonly string[]): string[] {
  return lines.map((one) => (/^\s*#/.test(one) ? '' : one));
}

/** The first header that an earlier line already has. */
export function tableTwice(
  lines: readonly string[],
): { line: number; first: number; header: string } | undefined {
  const seen = new Map<string, number>();
  for (const [index, text] of lines.entries()) {
    const header = /^\s*(\[[^[\]]*(?:\[[^\]]*\][^[\]]*)*\])\s*(?:#.*)?$/.exec(text)?.[1];
    if (header === undefined || header.startsWith('[[')) continue;
    const parsed = parseDocument(header);
    if (!parsed.ok) continue;
    const [table] = parsed.document.tables;
    if (table === undefined) continue;
    const name = JSON.stringify(keysOf(table.key));
    const first = seen.get(name);
    if (first !== undefined) return { line: index + 1, first, header };
    seen.set(name, index + 1);
  }
  return undefined;
}

/** Tables at the top of other programs' files that are TOML as well. */
const others: readonly { program: string; sign: readonly string[] }[] = [
  { program: 'CRI-O', sign: ['crio'] },
  { program: 'BuildKit', sign: ['worker'] },
  { program: 'containers/storage (storage.conf)', sign: ['storage'] },
  { program: 'containers-registries.conf', sign: ['unqualified-search-registries'] },
  { program: 'Podman (containers.conf)', sign: ['engine'] },
  { program: 'containerd hosts.toml', sign: ['host'] },
  { program: 'Cargo', sign: ['package'] },
];

/** Whose file a TOML file is, where it is not containerd's. */
export function otherProgram(value: Readonly<Record<string, unknown>>): string | undefined {
  if (Object.hasOwn(value, 'plugins')) return undefined;
  return others.find(({ sign }) => sign.every((key) => Object.hasOwn(value, key)))?.program;
}

function lineOfOffset(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
