/** What a folder of the guest holds: a file, a folder or a link, under its path without `/`. */
export interface Entry {
  path: string;
  /** Contents of a file; for a link, with `kind: 'link'`, where it points. */
  data?: Uint8Array;
  kind: 'file' | 'folder' | 'link';
  /** Permission bits. */
  mode?: number;
}

const TYPE = { file: 0o100000, folder: 0o040000, link: 0o120000 } as const;

/**
 * An archive in the `newc` form that Linux unpacks as its first root: everything belongs to root,
 * nothing carries a date, so that the same entries give the same bytes.
 */
export function cpio(entries: readonly Entry[]): Buffer {
  const parts = entries.map((entry, index) => record(entry, index + 1));
  parts.push(record({ path: 'TRAILER!!!', kind: 'file', mode: 0 }, 0));
  const archive = Buffer.concat(parts);
  // The kernel reads several archives one behind the other if each fills whole words.
  return Buffer.concat([archive, Buffer.alloc(padding(archive.length, 512))]);
}

function record({ path, data = new Uint8Array(), kind, mode }: Entry, inode: number): Buffer {
  const name = Buffer.from(`${path}\0`);
  const permissions = mode ?? (kind === 'file' ? 0o644 : 0o755);
  const fields = [
    inode,
    inode === 0 ? 0 : TYPE[kind] | permissions,
    0, // user
    0, // group
    kind === 'folder' ? 2 : 1,
    0, // date
    data.length,
    0, // device
    0,
    0, // device a node stands for
    0,
    name.length,
    0, // checksum, unused in this form
  ];
  const head = Buffer.from(
    `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`,
  );
  return Buffer.concat([
    head,
    name,
    Buffer.alloc(padding(head.length + name.length, 4)),
    data,
    Buffer.alloc(padding(data.length, 4)),
  ]);
}

const padding = (length: number, unit: number): number => (unit - (length % unit)) % unit;
