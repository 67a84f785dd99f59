/**
 * What is wrong with a file that is TOML, or will be once the option is in it: problems, which
 * stop the merge, and warnings. The versions they hold for are those of containerd-merge.yaml.
 */
import { inRange, formatVersion, type Version } from '../../facts/version.ts';
import {
  everyEntry,
  isTable,
  lineOf,
  locate,
  tableAt,
  type Path,
  type TomlDocument,
} from './document.ts';
import { otherProgram, placeholders, remark, type Remark } from './recognise.ts';
import type { MergeRules } from './rules.ts';

/** The overlayfs snapshotter as files of version 1 call it, and as all later ones do. */
export const OVERLAYFS = {
  short: 'overlayfs',
  long: 'io.containerd.snapshotter.v1.overlayfs',
} as const;

interface Question {
  runtime: Version;
  options: readonly string[];
  isDropIn: boolean;
  /** What the file that imports this one states. */
  mainVersion: number | undefined;
  rules: MergeRules;
}

interface Findings {
  problem: Remark | undefined;
  warnings: Remark[];
  /** The `version` that decides how names are read. */
  fileVersion: number;
}

export function inspect(document: TomlDocument, question: Question): Findings {
  const { runtime, isDropIn, rules } = question;
  const { value } = document;
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  const said = formatVersion(runtime);
  const row = (id: string) => rules.remarks.find((one) => one.id === id);
  const holds = (id: string): boolean => inRange(runtime, row(id) ?? {});
  const entries = everyEntry(document);
  const lineAtPath = (path: Path): number | undefined => {
    const place = locate(document, path);
    if (place === undefined) return undefined;
    return lineOf(document, 'table' in place ? place.table : place.entry);
  };

  const program = otherProgram(value);
  if (program !== undefined) problems.push(remark('other-program', undefined, { program }));
  const windows = entries.find(
    ({ entry: { value: node } }) =>
      node.type === 'TOMLValue' &&
      node.kind === 'string' &&
      /^(?:[A-Za-z]:[\\/]|\\\\[.?]\\)/.test(node.value),
  );
  if (windows !== undefined) problems.push(remark('windows-node', lineOf(document, windows.entry)));

  // The version, which decides how the names of plugins are read.
  const stated = value['version'];
  const versionLine = lineAtPath(['version']);
  if (stated !== undefined && !(Number.isInteger(stated) && (stated as number) >= 0))
    problems.push(remark('version-type', versionLine));
  const own = typeof stated === 'number' && stated > 0 ? stated : undefined;
  // A drop-in needs no version of its own; its names are read as the main file's are.
  const fileVersion = own ?? (isDropIn ? (question.mainVersion ?? 2) : 1);
  for (const one of rules.remarks) {
    if (one.above === undefined || fileVersion <= one.above || !inRange(runtime, one)) continue;
    const found = remark(one.id, versionLine, { version: String(fileVersion), runtime: said });
    (one.id.startsWith('version-refused') ? problems : warnings).push(found);
  }
  if (
    isDropIn &&
    own !== undefined &&
    question.mainVersion !== undefined &&
    own > question.mainVersion &&
    holds('drop-in-version')
  )
    problems.push(
      remark('drop-in-version', versionLine, {
        version: String(own),
        main: String(question.mainVersion),
      }),
    );

  // The names of the plugins.
  const plugins = value['plugins'];
  if (plugins !== undefined && !isTable(plugins))
    problems.push(remark('plugins-type', lineAtPath(['plugins'])));
  const names = isTable(plugins) ? Object.keys(plugins) : [];
  // `[plugins.io.containerd...]` without quotation marks makes a table `io` in a table `plugins`.
  const unquoted = tableAt(value, ['plugins', 'io', 'containerd']) !== undefined;
  if (unquoted) {
    const table = document.tables.find(({ resolvedKey: [a, b] }) => a === 'plugins' && b === 'io');
    const line = table === undefined ? lineAtPath(['plugins', 'io']) : lineOf(document, table);
    const isOurs =
      tableAt(value, ['plugins', 'io', 'containerd', 'snapshotter', 'v1', 'overlayfs']) !==
      undefined;
    const stops = runtime.major < 2 && fileVersion >= 2;
    if (isOurs || stops) problems.push(remark('unquoted-name', line));
    else warnings.push(remark('unquoted-ignored', line));
  }
  const short = names.filter((name) => !isLong(name) && !(unquoted && name === 'io'));
  const long = names.filter(isLong);
  const lineOfName = (name: string): number | undefined => lineAtPath(['plugins', name]);
  if (fileVersion >= 2) {
    const stopping = short.find((name) => runtime.major < 2 || name === OVERLAYFS.short);
    if (stopping !== undefined)
      problems.push(
        remark('short-name-in-version-2', lineOfName(stopping), {
          name: stopping,
          version: String(fileVersion),
        }),
      );
    else if (short[0] !== undefined)
      warnings.push(remark('short-name-ignored', lineOfName(short[0]), { name: short[0] }));
  } else if (runtime.major < 2) {
    const ours = long.find((name) => name === OVERLAYFS.long);
    const [first] = long;
    if (ours !== undefined || (first !== undefined && short.length === 0))
      problems.push(
        remark('long-name-in-version-1', lineOfName(ours ?? first ?? ''), {
          name: ours ?? first ?? '',
        }),
      );
    else if (first !== undefined)
      warnings.push(remark('long-name-ignored', lineOfName(first), { name: first }));
  } else {
    const cri = names.find((name) => name === 'cri' || name === 'io.containerd.grpc.v1.cri');
    if (cri !== undefined)
      warnings.push(remark('cri-in-version-1', lineOfName(cri), { name: cri }));
  }

  // The table itself, and its list.
  for (const name of [OVERLAYFS.long, OVERLAYFS.short]) {
    const place = locate(document, ['plugins', name]);
    const table = tableAt(value, ['plugins', name]);
    if (place === undefined) continue;
    if (table === undefined) {
      problems.push(remark('table-type', lineOfName(name), { table: name }));
      continue;
    }
    const list = table['mount_options'];
    const line = lineAtPath(['plugins', name, 'mount_options']);
    if (list !== undefined && !isStrings(list))
      problems.push(remark('mount-options-type', line, { found: kindOf(list) }));
    if (isStrings(list)) checkList(list, line);
    for (const key of Object.keys(table))
      if (key !== 'mount_options' && /^mount[_-]?options?$/i.test(key))
        warnings.push(remark('key-misspelt', lineAtPath(['plugins', name, key]), { key }));
  }
  if (
    !locate(document, ['plugins', OVERLAYFS.long]) &&
    !locate(document, ['plugins', OVERLAYFS.short])
  )
    checkList([], undefined);

  function checkList(list: readonly string[], line: number | undefined): void {
    const words = list.flatMap((one) => one.split(',')).map((one) => one.trim());
    const added = question.options.filter(
      (one) => !words.includes(one) && !(one === 'volatile' && words.includes('fsync=volatile')),
    );
    const at = (pattern: RegExp): number | undefined => lineOfElement(document, pattern) ?? line;
    const wrong = words.find(isMisspelt);
    if (wrong !== undefined)
      problems.push(remark('option-misspelt', at(literal(wrong)), { option: wrong }));
    const against = words.find((one) => /^fsync=(?!volatile$)/.test(one));
    if (against !== undefined)
      problems.push(remark('fsync-contradicts', at(literal(against)), { option: against }));
    const joined = list.find((one) => one.includes(','));
    if (joined !== undefined)
      warnings.push(remark('options-joined', at(literal(joined)), { option: joined }));
    if (words.includes('index=on') && holds('index-on'))
      warnings.push(remark('index-on', at(literal('index=on')), { runtime: said }));
    const count = list.length + added.length;
    if (count >= 3 && holds('three-options'))
      warnings.push(remark('three-options', line, { count: String(count), runtime: said }));
  }

  for (const { path, entry } of entries) {
    if (path.at(-1) !== 'mount_options' || path[0] !== 'plugins') continue;
    const plugin = String(path[1]);
    if (plugin === OVERLAYFS.long || plugin === OVERLAYFS.short || path.includes('io')) continue;
    if (/^io\.containerd\.snapshotter\.v1\.(?!overlay$)/.test(plugin)) continue;
    warnings.push(
      remark('key-elsewhere', lineOf(document, entry), { table: path.slice(0, -1).join('.') }),
    );
  }

  // What may keep the setting from doing anything.
  const disabled = value['disabled_plugins'];
  if (isStrings(disabled)) {
    const off = disabled.find((name) => name === OVERLAYFS.long || name === OVERLAYFS.short);
    if (off !== undefined)
      warnings.push(remark('plugin-disabled', lineAtPath(['disabled_plugins']), { name: off }));
  }
  for (const { path, entry } of entries) {
    const { value: node } = entry;
    if (path.at(-1) !== 'snapshotter' || path[0] !== 'plugins') continue;
    if (node.type !== 'TOMLValue' || node.kind !== 'string') continue;
    if (['', 'overlayfs'].includes(node.value) || /[$@%{]/.test(node.value)) continue;
    // One runtime class of its own says nothing about the others.
    if (path.includes('runtimes') || path.includes('unpack_config')) continue;
    warnings.push(remark('other-snapshotter', lineOf(document, entry), { name: node.value }));
  }
  if (!isDropIn && Array.isArray(value['imports']) && value['imports'].length > 0)
    warnings.push(
      remark('imports-win', lineAtPath(['imports']), {
        imports: value['imports'].map(String).join(', '),
      }),
    );
  const template = placeholders(document);
  if (template !== undefined)
    warnings.push(remark('placeholders', template.line, { kind: template.kind }));
  if (document.text.includes('\r\n')) warnings.push(remark('windows-line-ends'));

  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return { problem: problems[0], warnings, fileVersion };
}

/** containerd's own rule for the name of a plugin from version 2 of the file on. */
function isLong(name: string): boolean {
  return name.startsWith('io.containerd.') && name.split('.').length >= 4;
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array of other things than strings';
  if (value instanceof Date) return 'date';
  return isTable(value) ? 'table' : typeof value;
}

/** `Volatile`, `volatil`, `volatile `: near the word, and not the word. */
function isMisspelt(option: string): boolean {
  if (option === 'volatile' || option.includes('=')) return false;
  return /^v?o?l?at+il+e?s?$|^vol+atil[le]*$/i.test(option);
}

function literal(text: string): RegExp {
  return new RegExp(`(^|,\\s*)${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(\\s*,|$)`);
}

/** The line of the first string of a `mount_options` list that matches. */
function lineOfElement(document: TomlDocument, pattern: RegExp): number | undefined {
  for (const { path, entry } of everyEntry(document)) {
    if (path.at(-1) !== 'mount_options' || entry.value.type !== 'TOMLArray') continue;
    for (const node of entry.value.elements)
      if (node.type === 'TOMLValue' && node.kind === 'string' && pattern.test(node.value))
        return lineOf(document, node);
  }
  return undefined;
}
