import type { Probed, Survivor } from '../src/evidence/measured.ts';

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

/**
 * Reads `NAME.survivors`: lines of `FILE BYTES LENGTH INTACT`, where LENGTH is `none` where there
 * is no such file.
 *
 * @throws Error naming the line that is not of this form
 */
export function parseSurvivors(text: string, file: string): Survivor[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const match = /^(\S+) (\d+) (\d+|none) (\d+)$/.exec(line);
      if (match === null)
        throw new Error(`${file}:${index + 1}: not what is left of a file: ${line}`);
      const [, name = '', bytes, length, intact] = match;
      return {
        file: name,
        bytes: Number(bytes),
        length: length === 'none' ? null : Number(length),
        intact: Number(intact),
      };
    });
}
