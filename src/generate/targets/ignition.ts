/** An Ignition configuration that carries a file, and where needed a part of a systemd unit. */
import { fill } from '../fill.ts';
import type { OutputFile } from '../answer.ts';
import type { FileRow } from './rules.ts';

/** The version of Ignition's format: 3.3.0 is the oldest that Flatcar and Fedora CoreOS both read. */
const VERSION = '3.3.0';

/** @throws Error when the row names a file that does not stand before it */
export function ignition(
  row: NonNullable<FileRow['ignition']>,
  before: readonly OutputFile[],
  values: Readonly<Record<string, string>>,
): string {
  const file = before.find((candidate) => candidate.id === row.file);
  if (file === undefined) throw new Error(`no file ${row.file} stands before its Ignition form`);
  return JSON.stringify(
    {
      ignition: { version: VERSION },
      storage: {
        files: [
          {
            path: file.path,
            // 420 is 0644: JSON has no octal numbers.
            mode: 0o644,
            overwrite: true,
            contents: { source: `data:,${encodeURIComponent(file.text)}` },
          },
        ],
      },
      ...(row.unit === undefined
        ? {}
        : {
            systemd: {
              units: [
                {
                  name: row.unit.name,
                  dropins: [{ name: row.unit.dropin, contents: fill(row.unit.body, values) }],
                },
              ],
            },
          }),
    },
    null,
    2,
  );
}
