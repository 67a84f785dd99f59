/**
 * The reader's own configuration file of containerd with the smallest change that turns the
 * option on. What cannot be changed with certainty is left alone and named.
 */
import {
  compareVersions,
  factVersion,
  formatVersion,
  inRange,
  parseRelease,
  parseVersion,
  type Version,
} from '../../facts/version.ts';
import {
  isTable,
  lineOf,
  locate,
  parseDocument,
  sameValue,
  tableAt,
  type TomlDocument,
} from './document.ts';
import { applyEdits, changedLines, type Change, type Edit } from './edit.ts';
import { addElements, addKeys, listText, replace, type NewKey } from './insert.ts';
import { importsReach, mainOf, type MainFile } from './drop-in.ts';
import { recognise, remark, type Remark } from './recognise.ts';
import type { MergeRules } from './rules.ts';
import { lineEnd, quoted, valueQuote } from './style.ts';
import { inspect, OVERLAYFS } from './traps.ts';

export interface Wanted {
  /** Mount options that have to be in the list of the overlayfs snapshotter, such as `volatile`. */
  options: readonly string[];
  /** Flush each layer after a pull by the CRI. */
  imagePullWithSyncFs?: boolean;
  /** Flush each layer that another client unpacks through the diff service. */
  syncOnUnpack?: boolean;
  /** The version of containerd that will read the file: `1.7.24`, `containerd://2.1.9`. */
  runtime: string;
  /** A kernel version or a whole `uname -r`, where the reader gave one. */
  kernel?: string;
  /** The file is one that another file imports. */
  dropIn?: DropIn;
}

export interface DropIn {
  /** Where the drop-in lies: `/etc/containerd/conf.d/10-volatile.toml`. */
  path: string;
  /** The text of the file that imports it. */
  main?: string;
  /** Where that lies; absent: `/etc/containerd/config.toml`. */
  mainPath?: string;
}

export interface Merged {
  /** `refused`: the text is handed back as it came, and `problem` says why. */
  outcome: 'changed' | 'unchanged' | 'refused';
  text: string;
  changes: readonly Change[];
  warnings: readonly Remark[];
  problem?: Remark;
}

/**
 * Pure: the same file and the same wish, the same bytes. Never throws for any text.
 *
 * @param parse `parseDocument`, or one that remembers what it has read
 */
export function mergeContainerd(
  existing: string,
  wanted: Wanted,
  rules: MergeRules,
  parse: typeof parseDocument = parseDocument,
): Merged {
  const refused = (problem: Remark, warnings: readonly Remark[] = []): Merged => ({
    outcome: 'refused',
    text: existing,
    changes: [],
    warnings,
    problem,
  });
  const runtime = parseVersion(wanted.runtime);
  if (runtime?.patch === undefined)
    return refused(remark('runtime', undefined, { runtime: wanted.runtime.trim() }));

  const mark = existing.startsWith('\ufeff') ? '\ufeff' : '';
  const text = existing.slice(mark.length);
  const isNew = wanted.dropIn !== undefined && text.trim() === '';
  if (text.trim() === '' && !isNew) return refused(remark('empty'));
  if (mark !== '' && runtime.major >= 2) return refused(remark('bom', 1));
  const parsed = parse(text);
  if (!parsed.ok) return refused(recognise(text, parsed.fault));
  const { document } = parsed;

  let main: MainFile | undefined;
  if (wanted.dropIn?.main !== undefined) {
    const found = mainOf(wanted.dropIn.main, parse);
    if (!found.ok)
      return refused(remark('drop-in-main', found.problem.line, { id: found.problem.id }));
    main = found.main;
    if (!importsReach(main, wanted.dropIn))
      return refused(remark('drop-in-not-imported', undefined, { path: wanted.dropIn.path }));
  }
  const { problem, warnings, fileVersion } = inspect(document, {
    runtime,
    options: wanted.options,
    isDropIn: wanted.dropIn !== undefined,
    mainVersion: main?.version,
    rules,
  });
  if (mark !== '') warnings.push(remark('bom-kept', 1));
  if (problem !== undefined) return refused(problem, warnings);

  const plan = makePlan(document, { wanted, runtime, fileVersion, main, rules, warnings });
  if ('problem' in plan) return refused(plan.problem, warnings);
  if (plan.edits.length === 0)
    return { outcome: 'unchanged', text: existing, changes: [], warnings };
  const result = applyEdits(text, plan.edits);
  // No file leaves that does not say exactly what was asked for, whatever the edits above did.
  const check = parse(result);
  if (!check.ok || !sameValue(check.document.value, plan.expected))
    return refused(remark('shape', plan.line), warnings);
  return {
    outcome: 'changed',
    text: mark + result,
    changes: changedLines(text, plan.edits),
    warnings,
  };
}

interface Context {
  wanted: Wanted;
  runtime: Version;
  /** The `version` that the file states, or what its absence stands for. */
  fileVersion: number;
  main: MainFile | undefined;
  rules: MergeRules;
  warnings: Remark[];
}

type Plan =
  | { edits: Edit[]; expected: Record<string, unknown>; line: number | undefined }
  | { problem: Remark };

function makePlan(document: TomlDocument, context: Context): Plan {
  const { wanted, runtime, fileVersion, main, rules, warnings } = context;
  const edits: Edit[] = [];
  const expected = structuredClone(document.value) as Record<string, unknown>;
  const isDropIn = wanted.dropIn !== undefined;
  const set = (plugin: string, key: string, value: unknown): void => {
    const plugins = (expected['plugins'] ??= {}) as Record<string, unknown>;
    const table = (plugins[plugin] ??= {}) as Record<string, unknown>;
    table[key] = value;
  };
  let line: number | undefined;
  let version = fileVersion;

  // Nothing but comments, or nothing at all: there is no older form to keep to.
  if (!isDropIn && Object.keys(document.value).length === 0) {
    version = runtime.major >= 2 ? 3 : 2;
    const { text } = document;
    const feed = lineEnd(text);
    const ends = text.endsWith('\n') ? '' : feed;
    edits.push({
      from: text.length,
      to: text.length,
      text: `${ends}version = ${String(version)}${text.endsWith('\n') ? feed : ''}`,
      why: 'version',
    });
    expected['version'] = version;
  }

  // The option itself.
  const overlayfs = overlayfsName(document, runtime, version);
  const path = ['plugins', overlayfs, 'mount_options'];
  const place = locate(document, path);
  const current = tableAt(document.value, ['plugins', overlayfs])?.['mount_options'];
  if (place?.kind === 'value' && place.node.type === 'TOMLArray') {
    line = lineOf(document, place.node);
    const list = current as string[];
    const said = list.flatMap((one) => one.split(',')).map((one) => one.trim());
    const result = [...list];
    const spelt = list.indexOf('fsync=volatile');
    const takes = wanted.kernel === undefined ? undefined : takesFsync(wanted.kernel, rules);
    if (said.includes('fsync=volatile')) {
      const at = place.node.elements[Math.max(0, spelt)];
      const where = at === undefined ? line : lineOf(document, at);
      if (takes === false) {
        if (spelt < 0 || said.includes('volatile'))
          return { problem: remark('fsync-spelling', where, { kernel: wanted.kernel ?? '' }) };
        warnings.push(remark('fsync-replaced', where, { kernel: wanted.kernel ?? '' }));
        result[spelt] = 'volatile';
        if (at !== undefined) {
          const quote = document.text[at.range[0]] === "'" ? "'" : '"';
          edits.push(replace(at, quoted('volatile', quote), 'volatile'));
        }
      } else if (takes === undefined) warnings.push(remark('fsync-unknown', where));
    }
    const has = (option: string): boolean =>
      said.includes(option) || (option === 'volatile' && said.includes('fsync=volatile'));
    const missing = [...new Set(wanted.options)].filter((option) => !has(option));
    if (missing.length > 0) edits.push(...addElements(document, place.node, missing, 'volatile'));
    if (edits.some((edit) => edit.why === 'volatile'))
      set(overlayfs, 'mount_options', [...result, ...missing]);
  } else {
    const here = tableAt(document.value, ['plugins', overlayfs]);
    const there = main && tableAt(main.document.value, ['plugins', overlayfs]);
    // containerd 1.x takes this table in place of the main file's, and 2 this list in place of
    // that one: what is there has to be said again. Where the drop-in has the table already, 1.x
    // does not read the main file's now either, and bringing it back could move the images away.
    const hides = isDropIn && runtime.major < 2;
    const carried =
      hides && here === undefined
        ? Object.entries(there ?? {}).flatMap(([name, value]) =>
            name !== 'mount_options' && !isTable(value) ? [{ name, value }] : [],
          )
        : [];
    const listed = hides && here !== undefined ? undefined : there?.['mount_options'];
    const options = [
      ...new Set([
        ...(Array.isArray(listed) ? listed.filter((one) => typeof one === 'string') : []),
        ...wanted.options,
      ]),
    ];
    if (hides && main === undefined) warnings.push(remark('drop-in-main-unknown'));
    const said = { table: overlayfs, keys: Object.keys(there ?? {}).join(', ') };
    if (hides && there !== undefined)
      warnings.push(
        here === undefined
          ? remark('drop-in-replaces-table', undefined, said)
          : remark('drop-in-hides-table', undefined, said),
      );
    const mark = valueQuote(document);
    const keys: NewKey[] = [
      ...carried.map(({ name, value }) => ({
        name,
        value:
          typeof value === 'string'
            ? quoted(value, mark)
            : asWritten(main?.document, ['plugins', overlayfs, name]),
      })),
      { name: 'mount_options', value: listText(document, options) },
    ];
    edits.push(...addKeys(document, overlayfs, keys, 'volatile', edits));
    for (const { name, value } of carried) set(overlayfs, name, value);
    set(overlayfs, 'mount_options', options);
  }

  // The flushes that a crash could otherwise be missed by.
  const flushes = [
    ['sync-on-pull', wanted.imagePullWithSyncFs === true],
    ['sync-on-unpack', wanted.syncOnUnpack === true],
  ] as const;
  for (const [id, asked] of flushes) {
    if (!asked) continue;
    const setting = rules.containerd.settings.find((row) => row.id === id);
    const home = setting?.tables.find((row) => inRange(runtime, row));
    if (setting === undefined || home === undefined) {
      warnings.push(
        remark('key-not-in-runtime', undefined, {
          key: setting?.key ?? id,
          runtime: formatVersion(runtime),
        }),
      );
      continue;
    }
    const plugin = pluginName(document, home.table, setting.key, runtime, version);
    if (isDropIn && runtime.major < 2) {
      const there = main && tableAt(main.document.value, ['plugins', plugin]);
      if (there?.[setting.key] === true) continue;
      if (main === undefined || there !== undefined) {
        warnings.push(remark('key-needs-main', undefined, { key: setting.key, table: plugin }));
        continue;
      }
    }
    const found = locate(document, ['plugins', plugin, setting.key]);
    if (found?.kind === 'value') {
      const value = tableAt(document.value, ['plugins', plugin])?.[setting.key];
      if (value === true) continue;
      if (value !== false)
        return {
          problem: remark('key-type', lineOf(document, found.entry), { key: setting.key }),
        };
      edits.push(replace(found.node, 'true', id));
    } else
      edits.push(...addKeys(document, plugin, [{ name: setting.key, value: 'true' }], id, edits));
    set(plugin, setting.key, true);
  }
  return { edits, expected, line };
}

/** The name that this runtime looks for in a file of this version. */
function overlayfsName(document: TomlDocument, runtime: Version, fileVersion: number): string {
  if (fileVersion >= 2) return OVERLAYFS.long;
  if (runtime.major < 2) return OVERLAYFS.short;
  // containerd 2 takes both names in a file of version 1 or of none.
  const plugins = document.value['plugins'];
  const names = isTable(plugins) ? Object.keys(plugins) : [];
  if (names.includes(OVERLAYFS.long)) return OVERLAYFS.long;
  if (names.includes(OVERLAYFS.short)) return OVERLAYFS.short;
  const long = names.some((name) => name.startsWith('io.containerd.'));
  return names.length > 0 && !long ? OVERLAYFS.short : OVERLAYFS.long;
}

const CRI_BEFORE_2 = 'io.containerd.grpc.v1.cri';
const IMAGES = 'io.containerd.cri.v1.images';

/** @param long the table that a file of the runtime's own version has */
function pluginName(
  document: TomlDocument,
  long: string,
  key: string,
  runtime: Version,
  fileVersion: number,
): string {
  if (runtime.major < 2) return fileVersion >= 2 ? long : (long.split('.').at(-1) ?? long);
  // Of the short and the long name in a file of version 1 containerd 2 takes one and drops the
  // other. The images of the CRI have no short one.
  const short = long.split('.').at(-1) ?? long;
  if (fileVersion < 2 && long !== IMAGES && locate(document, ['plugins', short]) !== undefined)
    return short;
  // A version 2 file may keep the CRI plugin under its older name, which containerd 2 takes over
  // into the newer one, and prefers; it does not do so in files of version 1.
  if (long === IMAGES && fileVersion === 2) {
    const here = (path: string[]): boolean => locate(document, path) !== undefined;
    if (here(['plugins', CRI_BEFORE_2, key])) return CRI_BEFORE_2;
    if (!here(['plugins', long]) && here(['plugins', CRI_BEFORE_2])) return CRI_BEFORE_2;
  }
  return long;
}

/** Whether a kernel takes `fsync=volatile`; undefined where its release cannot be read. */
function takesFsync(release: string, rules: MergeRules): boolean | undefined {
  const kernel = parseRelease(release);
  if (kernel === undefined) return undefined;
  const { mainline, stable } = rules.kernels.spelling;
  return (
    compareVersions(kernel, factVersion(mainline)) >= 0 ||
    stable
      .map(factVersion)
      .some(
        (first) =>
          first.major === kernel.major &&
          first.minor === kernel.minor &&
          compareVersions(kernel, first) >= 0,
      )
  );
}

/** A value as its file has it: `1.0` printed anew would be a whole number. */
function asWritten(document: TomlDocument | undefined, path: readonly string[]): string {
  const place = document === undefined ? undefined : locate(document, path);
  if (document === undefined || place?.kind !== 'value')
    throw new Error(`no value at ${path.join('.')}`);
  return document.text.slice(...place.node.range);
}
