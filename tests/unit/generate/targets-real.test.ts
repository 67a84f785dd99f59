/**
 * What is said of targets, held against the programs of Debian: where containerd loses settings, the
 * DaemonSet's script on a stand-in for a node, and the file that turns containers-storage's option
 * off. Skipped, and said so, where the packages cannot be had.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { unpack, Unavailable } from '../../../lab/packages.ts';
import { minute, OVERLAYFS, realContainerd } from './containerd-real.ts';
import { ask } from './rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'targets-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Settings of a vendor's file that have to outlive ours. */
const pause = 'registry.example/pause:9';
const vendorFile = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause}"
  max_concurrent_downloads = 7
`;

describe.each([
  { suite: 'trixie', first: true },
  { suite: 'forky', first: false },
])('containerd of Debian $suite', ({ suite, first }) => {
  const real = realContainerd(suite);

  test('loses the CRI of a file of version 1 where the answer says so', async () => {
    const answer = ask({ runtime: real.version(), format: '1' });
    const main = `version = 1\n[plugins.cri]\nsandbox_image = "${pause}"\n`;
    const { config } = await real.read({ main });
    expect(JSON.stringify(config).includes(pause)).toBe(first);
    expect(answer.warnings.some(({ id }) => id === 'format-1-cri')).toBe(!first);
  });

  test('loses settings or fails where a drop-in states a higher version than the main file', async () => {
    const answer = ask({ runtime: real.version(), target: 'containerd-drop-in' });
    const { config, log } = await real.read({
      main: `imports = ["@HERE@/a.toml"]\n${vendorFile}`,
      others: { 'a.toml': `version = 3\n${answer.files[0]?.text ?? ''}` },
    });
    if (first) {
      expect(config).toBeUndefined();
      expect(log).toContain('unsupported config version');
    } else expect(JSON.stringify(config)).not.toContain(pause);
  });

  describe('the script of the DaemonSet on a stand-in for a node', () => {
    const home = mkdtempSync(join(tmpdir(), 'node-'));
    afterAll(() => {
      rmSync(home, { recursive: true });
    });

    /** What the script says, and whether it is done; `main` is the node's configuration file. */
    function apply(
      main: string,
      mode = 'apply',
      fresh = true,
    ): { log: string; done: boolean; dropIn: boolean } {
      if (fresh) rmSync(home, { recursive: true });
      for (const part of [
        'host/etc/containerd/conf.d',
        'host/lib/systemd/system',
        'config',
        'tmp',
        'bin',
      ])
        mkdirSync(join(home, part), { recursive: true });
      rmSync(join(home, 'tmp/done'), { force: true });
      const answer = ask({
        runtime: real.version(),
        target: 'containerd-drop-in',
        rollout: 'daemonset',
      });
      const [map] = parseAllDocuments(answer.files[0]?.text ?? '');
      const { data } = map?.toJS() as { data: Record<string, string> };
      const dropIns = join(home, 'host/etc/containerd/conf.d');
      writeFileSync(join(home, 'config/10-volatile.toml'), data['10-volatile.toml'] ?? '');
      writeFileSync(
        join(home, 'host/etc/containerd/config.toml'),
        main.replaceAll('CONF', dropIns),
      );
      writeFileSync(
        join(home, 'host/lib/systemd/system/containerd.service'),
        '[Service]\nRestart=always\n',
      );
      // The node's own containerd, and the two processes that a restart would show.
      const shims = {
        chroot: `exec ${real.binary()} --config ${home}/host/etc/containerd/config.toml config dump`,
        restart: 'echo 2 > "$NOW"',
      };
      for (const [name, text] of Object.entries(shims)) {
        writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${text}\n`);
        chmodSync(join(home, 'bin', name), 0o755);
      }
      writeFileSync(join(home, 'now'), '1\n');
      const script = (data['run.sh'] ?? '')
        // First of all: the stand-in itself may lie below /tmp.
        .replaceAll('/tmp/', `${join(home, 'tmp')}/`)
        .replace(/daemon\(\) \{[\s\S]*?\n\}/, 'daemon() { cat "$NOW"; }')
        .replaceAll('kill -TERM "$old"', join(home, 'bin/restart'))
        .replaceAll('sleep 600', 'exit 0')
        .replaceAll('sleep 8', ':')
        .replaceAll('/dropins/', `${dropIns}/`)
        .replaceAll('/host/lib', join(home, 'host/lib'))
        .replaceAll('/config/10', join(home, 'config/10'));
      const { stdout, stderr } = spawnSync('sh', ['-c', script], {
        encoding: 'utf8',
        timeout: minute / 2,
        env: {
          ...process.env,
          MODE: mode,
          NODE: 'node-1',
          NOW: join(home, 'now'),
          PATH: `${join(home, 'bin')}:${process.env['PATH'] ?? ''}`,
        },
      });
      return {
        log: `${stdout}${stderr}`,
        done: existsSync(join(home, 'tmp/done')),
        dropIn: existsSync(join(dropIns, '10-volatile.toml')),
      };
    }

    test('applies, restarts and counts', () => {
      const { log, done, dropIn } = apply(`imports = ["CONF/*.toml"]\n${vendorFile}`);
      expect(log).toContain('containerd is back, process 2');
      expect(log).toMatch(/\d+ of \d+ containers skip the flush/);
      expect([done, dropIn]).toEqual([true, true]);
    });

    test('a second time it changes nothing', () => {
      const { log, done } = apply(`imports = ["CONF/*.toml"]\n${vendorFile}`, 'apply', false);
      expect(log).toContain('already in the configuration');
      expect(log).not.toContain('restarting');
      expect(done).toBe(true);
    });

    test('undoes', () => {
      const { log, done, dropIn } = apply(
        `imports = ["CONF/*.toml"]\n${vendorFile}`,
        'undo',
        false,
      );
      expect(log).toContain('removed /etc/containerd/conf.d/10-volatile.toml');
      expect([done, dropIn]).toEqual([true, false]);
    });

    test('leaves a node alone whose file imports nothing', () => {
      const { log, done, dropIn } = apply(vendorFile);
      expect(log).toContain('does not import /etc/containerd/conf.d');
      expect([done, dropIn]).toEqual([false, false]);
    });

    test('takes the drop-in back where containerd 1.x would let it reset a key of the main file', () => {
      const main = `version = 2\nimports = ["CONF/*.toml"]\n[plugins."${OVERLAYFS}"]\n  root_path = "/data/ovl"\n`;
      const { log, done, dropIn } = apply(main);
      if (first) expect(log).toContain('would change more than it should');
      expect([done, dropIn]).toEqual([!first, !first]);
    });

    test('leaves a node alone whose file containerd cannot read', () => {
      const { log, done } = apply('version = [\n');
      expect(log).toContain('cannot read /etc/containerd/config.toml');
      expect(done).toBe(false);
    });
  });
});

describe('containers-storage of Debian bookworm', () => {
  let binary = '';
  let unavailable: string | undefined;

  beforeAll(async () => {
    if (process.getuid?.() !== 0) unavailable = 'mounting needs root';
    try {
      const { root } = await unpack('bookworm', 'containers-storage');
      binary = join(root, 'usr/bin/containers-storage');
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
    }
    if (unavailable !== undefined)
      process.stderr.write(`skipped, containers-storage: ${unavailable}\n`);
  }, minute);
  beforeEach(({ skip }) => {
    if (unavailable !== undefined) skip(unavailable);
  });

  /** Whether a container that asks for it is mounted volatile. */
  function mountsVolatile(text: string): boolean {
    const home = mkdtempSync(join(folder, 'storage-'));
    const file = join(home, 'storage.conf');
    writeFileSync(
      file,
      text.replace(
        'driver = "overlay"',
        `driver = "overlay"\ngraphroot = "${home}/g"\nrunroot = "${home}/r"`,
      ),
    );
    const storage = (...args: string[]): string => {
      const { stdout, stderr, status } = spawnSync(binary, args, {
        encoding: 'utf8',
        env: { ...process.env, CONTAINERS_STORAGE_CONF: file },
      });
      if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
      return stdout.split('\n')[0] ?? '';
    };
    const container = storage(
      'create-container',
      '--volatile',
      storage('create-image', storage('create-layer')),
    );
    try {
      const merged = storage('mount', container);
      const { stdout } = spawnSync('grep', ['-F', merged, '/proc/mounts'], { encoding: 'utf8' });
      return /[ ,](?:fsync=)?volatile[ ,]/.test(stdout);
    } finally {
      storage('unmount', container);
      spawnSync('umount', [join(home, 'g/overlay')]);
    }
  }

  test('the opt-out turns it off, and without it it is on', () => {
    for (const [target, version] of [
      ['podman', '4.3.1'],
      ['cri-o', '1.31.0'],
    ]) {
      const text = ask({ target: target ?? '', runtime: version ?? '' }).files[0]?.text ?? '';
      expect(mountsVolatile(text)).toBe(false);
      expect(mountsVolatile(text.replace('disable-volatile = true', ''))).toBe(true);
    }
  });
});
