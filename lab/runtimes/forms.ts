/** Ways to write the setting, right and wrong, that are tried on every containerd. */

export interface Form {
  id: string;
  /** What the file is an example of. */
  about: string;
  /** The whole configuration file. */
  file: string;
  /** The option that has to reach the mount if containerd takes the setting. */
  option: string;
}

export const SNAPSHOTTER = 'io.containerd.snapshotter.v1.overlayfs';

const table = `[plugins."${SNAPSHOTTER}"]`;
const setting = '  mount_options = ["volatile"]';
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');

const form = (id: string, about: string, file: string, option = 'volatile'): Form => ({
  id,
  about,
  file,
  option,
});

export const forms: readonly Form[] = [
  form('version-2', 'as version 2 wants it', lines('version = 2', table, setting)),
  form('version-3', 'as version 3 wants it', lines('version = 3', table, setting)),
  form(
    'version-4',
    'a version that only containerd 2.3 knows',
    lines('version = 4', table, setting),
  ),
  form('no-version', 'the long table name without a version', lines(table, setting)),
  form('version-1', 'as version 1 wants it', lines('[plugins.overlayfs]', setting)),
  form(
    'short-name',
    'the table name of version 1 in version 2',
    lines('version = 2', '[plugins.overlayfs]', setting),
  ),
  form(
    'unquoted',
    'the table name without quotation marks',
    lines('version = 2', `[plugins.${SNAPSHOTTER}]`, setting),
  ),
  form(
    'table-twice',
    'the table a second time',
    lines('version = 2', table, '  upperdir_label = true', table, setting),
  ),
  form(
    'key-singular',
    'the key without its s',
    lines('version = 2', table, '  mount_option = ["volatile"]'),
  ),
  form(
    'key-camel',
    'the key in camel case',
    lines('version = 2', table, '  mountOptions = ["volatile"]'),
  ),
  form(
    'plugin-misspelt',
    'a plugin that does not exist',
    lines('version = 2', '[plugins."io.containerd.snapshotter.v1.overlay"]', setting),
  ),
  form(
    'under-cri',
    'in the table of the CRI plugin',
    lines('version = 2', '[plugins."io.containerd.grpc.v1.cri".containerd]', setting),
  ),
  form(
    'string',
    'one string instead of a list',
    lines('version = 2', table, '  mount_options = "volatile"'),
  ),
  form('boolean', 'true instead of a list', lines('version = 2', table, '  mount_options = true')),
  form(
    'syntax',
    'a table name that is not closed',
    lines('version = 2', table.slice(0, -1), setting),
  ),
  form(
    'fsync-volatile',
    'the newer spelling of the option',
    lines('version = 2', table, '  mount_options = ["fsync=volatile"]'),
    'fsync=volatile',
  ),
  form(
    'option-misspelt',
    'an option that the kernel does not know',
    lines('version = 2', table, '  mount_options = ["volatil"]'),
    'volatil',
  ),
  form(
    'index-on',
    'a second option that containerd sets itself',
    lines('version = 2', table, '  mount_options = ["volatile", "index=on"]'),
  ),
];

/** How several files become one configuration. */
export interface DropIn {
  id: string;
  about: string;
  /** The main file; it is given the line `imports` in front. */
  main: string;
  /** By name, in a folder that the main file imports with `*.toml`. */
  files: Readonly<Record<string, string>>;
}

const label = '  upperdir_label = true';

export const dropIns: readonly DropIn[] = [
  {
    id: 'table-of-both',
    about: 'both files set keys of the table',
    main: lines('version = 2', table, label, '  mount_options = ["index=off"]'),
    files: { '10-volatile.toml': lines('version = 2', table, setting) },
  },
  {
    id: 'table-of-both-3',
    about: 'both files set keys of the table, in version 3',
    main: lines('version = 3', table, label, '  mount_options = ["index=off"]'),
    files: { '10-volatile.toml': lines('version = 3', table, setting) },
  },
  {
    id: 'table-of-drop-in',
    about: 'only the drop-in has the table',
    main: lines('version = 2'),
    files: { '10-volatile.toml': lines('version = 2', table, setting) },
  },
  {
    id: 'drop-in-without-version',
    about: 'the drop-in states no version',
    main: lines('version = 2', table, label),
    files: { '10-volatile.toml': lines(table, setting) },
  },
  {
    id: 'drop-in-newer',
    about: 'the drop-in states a newer version than the main file',
    main: lines('version = 2', table, label),
    files: { '10-volatile.toml': lines('version = 3', table, setting) },
  },
  {
    id: 'drop-in-older',
    about: 'the drop-in states an older version than the main file',
    main: lines('version = 3', table, label),
    files: { '10-volatile.toml': lines('version = 2', table, setting) },
  },
  {
    id: 'two-drop-ins',
    about: 'two drop-ins set the same list',
    main: lines('version = 2', table, label),
    files: {
      '10-first.toml': lines('version = 2', table, '  mount_options = ["index=off"]'),
      '20-second.toml': lines('version = 2', table, setting),
    },
  },
  {
    id: 'drop-in-empties',
    about: 'the drop-in sets an empty list',
    main: lines('version = 2', table, setting),
    files: { '10-empty.toml': lines('version = 2', table, '  mount_options = []') },
  },
];
