/**
 * What targets are given, read by the programs of Debian that will read it: containerd's `config
 * dump`, and containers-storage. Skipped, and said so, where the packages cannot be had.
 */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { unpack, Unavailable } from '../../../lab/packages.ts';
import type { Question } from '../../../src/generate/answer.ts';
import { ask } from './rules.ts';

const run = promisify(execFile);
const minute = 60_000;
const overlayfs = 'io.containerd.snapshotter.v1.overlayfs';
const folder = mkdtempSync(join(tmpdir(), 'targets-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Dump {
  plugins: Record<string, Record<string, unknown>>;
}

/** Settings of a vendor's file that have to outlive ours. */
const pause = 'registry.example/pause:9';
const vendorFile = `version = 2
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pause}"
  max_concurrent_downloads = 7
`;

describe.each([
  { suite: 'trixie', first: true, cri: 'io.containerd.grpc.v1.cri' },
  { suite: 'forky', first: false, cri: 'io.containerd.cri.v1.images' },
])('containerd of Debian $suite', ({ suite, first, cri }) => {
  let binary = '';
  let runtime = '';
  let unavailable: string | undefined;

  beforeAll(async () => {
    try {
      binary = join((await unpack(suite, 'containerd')).root, 'usr/bin/containerd');
      runtime = (await run(binary, ['--version'])).stdout.split(' ')[2] ?? '';
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
      process.stderr.write(`skipped, targets with containerd of ${suite}: ${unavailable}\n`);
    }
  }, minute);
  beforeEach(({ skip }) => {
    if (unavailable !== undefined) skip(unavailable);
  });

  /** What it reads: the file, and what it imports from `files`, which lie beside it. */
  async function dump(
    main: string,
    files: Record<string, string> = {},
  ): Promise<{ config: Dump; log: string }> {
    const home = mkdtempSync(join(folder, 'home-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
    const path = join(home, 'config.toml');
    writeFileSync(path, main.replaceAll('HOME', home));
    const { stdout, stderr } = await run(binary, ['--config', path, 'config', 'dump']);
    return { config: parse(stdout) as unknown as Dump, log: stderr };
  }
  const ours = (question: Partial<Question>): string =>
    ask({ runtime, ...question }).files[0]?.text ?? '';
  const volatile = (config: Dump): unknown => config.plugins[overlayfs]?.['mount_options'];
  const synced = (config: Dump): unknown => config.plugins[cri]?.['image_pull_with_sync_fs'];
  const vendorKept = (config: Dump): void => {
    expect(JSON.stringify(config)).toContain(`"${pause}"`);
    expect(config.plugins[cri]?.['max_concurrent_downloads']).toBe(7);
  };

  test.each(['1', '2', '3'])('its own file of version %s', async (format) => {
    const answer = ask({ runtime, format });
    if (first && format === '3') {
      expect(answer.offered).toBe(false);
      await expect(dump('version = 3\n')).rejects.toThrow('unsupported config version');
      return;
    }
    const { config } = await dump(answer.files[0]?.text ?? '');
    expect(volatile(config)).toEqual(['volatile']);
    expect(synced(config)).toBe(true);
  });

  test('a file of version 1 keeps the flush for other clients, and loses the CRI on containerd 2', async () => {
    const answer = ask({ runtime, format: '1', sharesContainerd: true });
    const text = answer.files[0]?.text ?? '';
    const { config, log } = await dump(text);
    expect(volatile(config)).toEqual(['volatile']);
    expect(synced(config)).toBe(true);
    expect(log).not.toMatch(/Ignoring unknown key|level=error/);
    const diff = config.plugins['io.containerd.service.v1.diff-service'];
    expect(diff?.['sync_fs'] === true).toBe(text.includes('diff-service'));
    expect(text.includes('diff-service')).toBe(!first);
    const old = `version = 1\n[plugins.cri]\nsandbox_image = "${pause}"\n`;
    expect(JSON.stringify((await dump(old)).config).includes(pause)).toBe(first);
    expect(answer.warnings.some(({ id }) => id === 'format-1-cri')).toBe(!first);
  });

  test('a file of version 4 is refused, and would be', async () => {
    expect(ask({ runtime, format: '4' }).verdict).toBe('refused');
    await expect(dump('version = 4\n')).rejects.toThrow();
  });

  test('a drop-in changes what it should and leaves what the main file says', async () => {
    const main = `imports = ["HOME/10-volatile.toml"]\n${vendorFile}`;
    const { config } = await dump(main, {
      '10-volatile.toml': ours({ target: 'containerd-drop-in' }),
    });
    expect(volatile(config)).toEqual(['volatile']);
    expect(synced(config)).toBe(!first);
    vendorKept(config);
  });

  test('a drop-in that states a higher version than the main file loses settings or fails', async () => {
    const dropIn = `version = 3\n${ours({ target: 'containerd-drop-in' })}`;
    const read = dump(`imports = ["HOME/a.toml"]\n${vendorFile}`, { 'a.toml': dropIn });
    if (first) return expect(read).rejects.toThrow('unsupported config version');
    expect(JSON.stringify((await read).config)).not.toContain(pause);
  });

  test('a file for Flatcar takes in the shipped one', async () => {
    const text = ours({ target: 'flatcar', platform: '4230.2.0' });
    const { config } = await dump(
      text.replace('/usr/share/containerd/config.toml', 'HOME/shipped.toml'),
      { 'shipped.toml': vendorFile },
    );
    expect(volatile(config)).toEqual(['volatile']);
    expect(synced(config)).toBe(!first);
    vendorKept(config);
  });

  test('the template of k3s, with what its base could say', async () => {
    const text = ours({ target: 'k3s', platform: '1.32.2' });
    const { config, log } = await dump(text.replace('{{ template "base" . }}', vendorFile));
    expect(volatile(config)).toEqual(['volatile']);
    vendorKept(config);
    expect(log).not.toMatch(/Ignoring unknown key/);
  });

  test.each([{ target: 'minikube' }, { target: 'microk8s' }, { target: 'image-builder' }])(
    'the table of $target, at the end of the file that is there',
    async ({ target }) => {
      const { config } = await dump(`${vendorFile}\n${ours({ target })}`);
      expect(volatile(config)).toEqual(['volatile']);
      vendorKept(config);
    },
  );

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
      const answer = ask({ runtime, target: 'containerd-drop-in', rollout: 'daemonset' });
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
        chroot: `exec ${binary} --config ${home}/host/etc/containerd/config.toml config dump`,
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
      const main = `version = 2\nimports = ["CONF/*.toml"]\n[plugins."${overlayfs}"]\n  root_path = "/data/ovl"\n`;
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
