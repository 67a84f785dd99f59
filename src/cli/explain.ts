/** `generate --explain`: the whole answer as text for a person to read. */
import type { Source } from '../facts/schema.ts';
import type { Answer, OutputFile, Phase, Reason, Step } from '../generate/answer.ts';
import type { MergedFile } from '../generate/merge/for-answer.ts';
import { SITE_URL } from '../site.ts';
import { ui } from '../i18n.ts';
import { diff, stillSaid } from './words.ts';

const WIDTH = 96;

const phases: readonly [Phase, string][] = [
  ['apply', 'To apply it'],
  ['verify', 'To see that it works'],
  ['rollback', 'To take it back'],
  ['cleanup', 'To clean up what it leaves'],
];

/** @param sources rows of sources.yaml: what the reasons rest on */
export function explain(
  answer: Answer,
  merged: MergedFile | undefined,
  sources: readonly Source[],
): string {
  const because = (reason: Reason, indent: string): string[] => [
    ...wrap(reason.text, indent),
    ...restsOn(reason, sources).flatMap((line) => wrap(line, `${indent}  `)),
  ];
  const steps = (list: readonly Step[]): string[] =>
    list.flatMap((step) => [
      ...because(step, '  '),
      `    $ ${step.command}`,
      ...(step.expect === undefined ? [] : wrap(`-> ${step.expect}`, '    ')),
    ]);
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  const lines = [
    answer.name,
    ...(answer.about === undefined ? [] : because(answer.about, '  ')),
    ...section(
      `Verdict: ${answer.verdict}`,
      answer.reasons.flatMap((reason) => because(reason, '  ')),
    ),
    ...section('Test this first', answer.probe === undefined ? [] : steps([answer.probe])),
    ...(merged === undefined ? [] : section(`Your file: ${merged.outcome}`, ofMerge(merged))),
    ...answer.files.flatMap((file) =>
      section(titleOf(file, merged), [...because(file.reason, '  '), '', ...ofFile(file, because)]),
    ),
    ...section(
      'Know this before you apply it',
      stillSaid(answer, merged).flatMap((warning) => because(warning, '  ')),
    ),
    ...phases.flatMap(([phase, title]) => section(title, steps((merged ?? answer).steps[phase]))),
  ];
  return lines.map((line) => `${line}\n`).join('');

  function ofMerge(file: MergedFile): string[] {
    return [
      ...(file.outcome === 'unchanged' ? ['  It has the option already.'] : []),
      ...diff(file.changes).map((line) => `  ${line}`),
      ...file.warnings.flatMap((warning) => [
        ...because(warning, '  '),
        ...wrap(warning.way, '    '),
      ]),
    ];
  }
}

function titleOf(file: OutputFile, merged: MergedFile | undefined): string {
  if (file.path === merged?.path) return `What ${file.path} needs, line by line`;
  const saved = file.path.endsWith(`/${file.name}`) ? '' : ` (save as ${file.name})`;
  return `${file.role === 'opt-out' ? 'To turn it off' : 'File'}: ${file.path}${saved}`;
}

/** The file as it is, and below each line that has reasons those. */
function ofFile(file: OutputFile, because: (reason: Reason, indent: string) => string[]): string[] {
  const margin = ' '.repeat(String(file.lines.length).length);
  return file.lines.flatMap((line, index) => [
    `  ${String(index + 1).padStart(margin.length)} | ${line.text}`.trimEnd(),
    ...line.reasons.flatMap((reason) => because(reason, `  ${margin}     `)),
  ]);
}

/** How sure a reason is and where that can be read; nothing for what needs no source. */
function restsOn(reason: Reason, sources: readonly Source[]): string[] {
  if (reason.source.length === 0) return [];
  const places = reason.source.map((id) => {
    const source = sources.find((row) => row.id === id);
    return source === undefined ? id : address(source.url);
  });
  return [`[${ui('frame', 'en').status[reason.status]}] ${places.join(' ')}`];
}

function address(url: string): string {
  return url.startsWith('/') ? `${SITE_URL}${url}` : url;
}

/** Lines of words that fit, each with the indent; a word that is longer than a line stays whole. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + longer.length > WIDTH) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, indent + line];
}
