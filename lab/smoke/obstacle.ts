/** What keeps the short lab, or a part of it, from running on this machine. */
import { ask } from '../programs.ts';

/** @returns the reason, for the reader; undefined where nothing stands in the way */
export async function obstacle(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x86-64';
  if (process.getuid?.() !== 0) return 'it needs root, to install an emulator and to mount';
  for (const program of ['apt-get', 'dpkg-deb'])
    if ((await ask(program, ['--version'])).code !== 0)
      return `it takes Debian's packages through apt, and there is no ${program}`;
  return undefined;
}

/** The same for what mounts: a container's root often may not. */
export async function mountObstacle(): Promise<string | undefined> {
  const { code, err } = await ask('unshare', [
    ...['--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc'],
    ...['mount', '-t', 'tmpfs', 'tmpfs', '/mnt'],
  ]);
  if (code === 0) return undefined;
  return `root may not mount here (${err.trim().split('\n')[0] ?? ''})`;
}
