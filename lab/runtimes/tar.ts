/** Writes a tar archive (POSIX ustar) whose bytes depend on nothing but its entries. */

export type TarEntry = { path: string } & (
  | { kind: 'directory' }
  | { kind: 'file'; data: Uint8Array; executable?: boolean }
  | { kind: 'link'; target: string }
);

const BLOCK = 512;

/** @throws RangeError for a path or target of more than 100 bytes, which the lab never needs. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const data = entry.kind === 'file' ? Buffer.from(entry.data) : Buffer.alloc(0);
    const padding = Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK);
    return [header(entry, data.length), data, padding];
  });
  // Two empty blocks end an archive.
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

const kinds = { file: '0', link: '2', directory: '5' } as const;

function header(entry: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const text = (at: number, length: number, value: string): void => {
    if (Buffer.byteLength(value) > length) throw new RangeError(`too long for tar: ${value}`);
    block.write(value, at);
  };
  const octal = (at: number, length: number, value: number): void => {
    text(at, length, value.toString(8).padStart(length - 1, '0'));
  };
  text(0, 100, entry.path);
  octal(100, 8, entry.kind === 'file' && entry.executable !== true ? 0o644 : 0o755);
  octal(108, 8, 0);
  octal(116, 8, 0);
  octal(124, 12, size);
  octal(136, 12, 0);
  text(156, 1, kinds[entry.kind]);
  if (entry.kind === 'link') text(157, 100, entry.target);
  text(257, 8, 'ustar\u000000');
  // The checksum counts its own field as spaces.
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  text(148, 8, `${sum.toString(8).padStart(6, '0')}\u0000 `);
  return block;
}
