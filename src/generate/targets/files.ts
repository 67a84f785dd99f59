/** The files of a target: its own text, and containerd's configuration where it belongs in it. */
import type { Line, OutputFile, Reason } from '../answer.ts';
import { fill } from '../fill.ts';
import { holds, type Situation } from './conditions.ts';
import { ignition } from './ignition.ts';
import type { FileRow } from './rules.ts';

/** containerd's configuration for this question, as lines with their reasons. */
export interface Configuration {
  /** With the line that states its version. */
  config: readonly Line[];
  /** The line that states its version. */
  version: readonly Line[];
  /** Its tables alone. */
  tables: readonly Line[];
  /** The table of the mount option alone. */
  volatile: readonly Line[];
}

export interface FileContext {
  situation: Situation;
  values: Readonly<Record<string, string>>;
  /** Undefined for a runtime that is not containerd. */
  configuration: Configuration | undefined;
  /** What goes where a body says `%content%`: the file that a roll-out carries. */
  content?: readonly Line[];
}

/** The files of a list that hold here, in its order. */
export function renderFiles(rows: readonly FileRow[], context: FileContext): OutputFile[] {
  const rendered: OutputFile[] = [];
  for (const row of rows.filter((candidate) => holds(candidate, context.situation)))
    rendered.push(renderFile(row, context, rendered));
  return rendered;
}

function renderFile(row: FileRow, context: FileContext, before: readonly OutputFile[]): OutputFile {
  const { values, situation, configuration } = context;
  const notes = row.notes
    .filter((note) => holds(note, situation))
    .map((note) => ({ line: fill(note.line, values), reason: toReason(note, values) }));
  const lines =
    row.ignition === undefined
      ? bodyLines(row.body ?? '', context)
      : ignition(row.ignition, before, values)
          .split('\n')
          .map((text): Line => ({ text, reasons: [] }));
  const noted = lines.map((line): Line => {
    const own = notes
      .filter((note) => line.text.trim().startsWith(note.line))
      .map((note) => note.reason);
    return own.length === 0 ? line : { text: line.text, reasons: [...line.reasons, ...own] };
  });
  return {
    id: row.id,
    name: fill(row.name, values),
    path: fill(row.path, values),
    language: row.language,
    role: row.role,
    text: print(noted),
    tables:
      configuration !== undefined && row.body?.trim() === WHOLE
        ? print(configuration.tables)
        : undefined,
    reason: toReason(row, values),
    lines: noted,
  };
}

/** The body of a file that is containerd's own and nothing else. */
const WHOLE = '%config%';

function print(lines: readonly Line[]): string {
  return lines.map((line) => `${line.text}\n`).join('');
}

const marker = /^([ \t]*)%(config|version|tables|volatile|content)%$/;

function bodyLines(body: string, context: FileContext): Line[] {
  return body
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((text): Line[] => {
      const match = marker.exec(text);
      if (match === null) return [{ text: fill(text, context.values), reasons: [] }];
      const [, indent = '', part = ''] = match;
      const lines =
        part === 'content' ? context.content : context.configuration?.[part as keyof Configuration];
      if (lines === undefined) throw new Error(`nothing stands for %${part}% in this file`);
      return lines.map((line) => ({
        text: line.text === '' ? '' : `${indent}${line.text}`,
        reasons: line.reasons,
      }));
    });
}

/** A row's words with what they rest on. */
export function toReason(
  row: {
    id: string;
    says: string;
    source?: readonly string[] | undefined;
    status?: Reason['status'] | undefined;
  },
  values: Readonly<Record<string, string>>,
): Reason {
  return {
    id: row.id,
    text: fill(row.says, values),
    source: row.source ?? [],
    status: row.status ?? 'inferred',
  };
}
