/**
 * Runs programs where they leave nothing behind: mounts and processes live in name spaces that end
 * with the lab, and /run, /etc and /opt, where containerd and its helpers write wherever their own
 * folders are, are the lab's own.
 */
import { spawn } from 'node:child_process';
import { globSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const SET_UP = `
set -e
mount -t tmpfs -o mode=755 tmpfs /run
for name in etc opt; do
  mkdir -p /run/own/$name/upper /run/own/$name/work
  mount -t overlay -o lowerdir=/$name,upperdir=/run/own/$name/upper,workdir=/run/own/$name/work overlay /$name
done
set +e
"$@"
exit $?
`;

/**
 * Runs a program of the lab to its end; only as root.
 *
 * @returns its exit code, or 130 when it was interrupted
 */
export async function enclosed(program: string, args: readonly string[]): Promise<number> {
  try {
    return await unshared(program, args);
  } finally {
    removeControlGroups();
  }
}

function unshared(program: string, args: readonly string[]): Promise<number> {
  const unshare = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const shell = ['--mount-proc', '--', 'sh', '-c', SET_UP, 'lab', program, ...args];
  return new Promise((resolve, reject) => {
    // The program reads its input, which ends with this process, however that ends.
    const child = spawn('unshare', [...unshare, ...shell], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    let interrupted = false;
    const stop = (): void => {
      interrupted = true;
      // unshare leaves other signals to its child; when it is killed, everything inside is.
      child.kill('SIGKILL');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    child.once('error', reject);
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
      resolve(interrupted ? 130 : (code ?? 1));
    });
  });
}

/**
 * Control groups that runtimes make and leave, by this run or by one that was killed. A group in
 * which something runs cannot be removed, so nobody else's is.
 */
function removeControlGroups(): void {
  const remove = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(folder, entry.name));
    rmdirSync(folder);
  };
  for (const folder of globSync('/sys/fs/cgroup/{,*/}{default,k8s.io,libpod_parent}')) {
    try {
      remove(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    }
  }
}
