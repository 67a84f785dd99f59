/** What a cell of a table of the evidence holds; null where nothing was measured. */
export type Cell = string | number | boolean | null;

/**
 * A table as RFC 4180 describes it: a header row, lines ended by CR LF, text in quotation marks with
 * those inside doubled, so that commas and line breaks of messages survive. Numbers and truth values
 * stand bare; an empty field is a value that there is not.
 *
 * Written here, since it is the whole of what the packages for it would be used for.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'string' ? `"${cell.replaceAll('"', '""')}"` : String(cell);
}
