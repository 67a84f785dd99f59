/**
 * Unpacks the Chromium inside @sparticuz/chromium and prints the path of a program that starts
 * it. The package also holds the libraries and fonts that a bare machine
 * lacks; it unpacks them only for a cloud service's runtime, so this names one.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const START = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/al2023/lib"
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`;

// Below node_modules, so that a new version of the package starts afresh.
const folder = join(import.meta.dirname, 'node_modules', '.unpacked');
const program = join(folder, 'start');
if (!existsSync(program)) await unpack();
process.stdout.write(program);

async function unpack() {
  // In another folder first: the package takes whatever is there for a finished copy.
  const unfinished = `${folder}-unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  process.env.TMPDIR = unfinished;
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs24.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  await chromium.executablePath();
  writeFileSync(join(unfinished, 'start'), START, { mode: 0o755 });
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
}
