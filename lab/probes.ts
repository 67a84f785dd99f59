/** What one probe answered. */
export interface Probed {
  label: string;
  command: string;
  /** What the shell answered: 0 for success. */
  status: number;
  /** Lines that the command printed, and lines it left in the kernel's log. */
  out: string[];
  dmesg: string[];
}

/**
 * Reads `NAME.probes` as the guest writes it.
 *
 * @throws Error naming the line that is none of its forms
 */
export function parseProbes(text: string, file: string): Probed[] {
  const probes: Probed[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const label = /^## (.+)$/.exec(line)?.[1];
    if (label !== undefined) {
      probes.push({ label, command: '', status: NaN, out: [], dmesg: [] });
      continue;
    }
    const probe = probes.at(-1);
    const [, form, rest = ''] = /^(\$|status|out|dmesg)(?: (.*))?$/.exec(line) ?? [];
    if (probe === undefined || form === undefined) {
      throw new Error(`${file}:${index + 1}: not a line of a probe: ${line}`);
    }
    if (form === '$') probe.command = rest;
    else if (form === 'status') probe.status = Number(rest);
    else if (form === 'out') probe.out.push(rest);
    else probe.dmesg.push(rest);
  }
  return probes;
}
