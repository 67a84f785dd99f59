import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asArchive, sha256, tinyImage } from '../../../lab/runtimes/image.ts';
import { serveRegistry, type Registry } from '../../../lab/runtimes/registry.ts';
import { tar } from '../../../lab/runtimes/tar.ts';

const busybox = Buffer.from('stands for a program');
const image = tinyImage(busybox);

describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('is the same each time', () => {
    expect(tinyImage(busybox).digest).toBe(image.digest);
  });

  test('its digests are those of its blobs, and its manifest names the layers in order', () => {
    for (const [digest, data] of image.blobs) expect(digest).toBe(`sha256:${sha256(data)}`);
    const manifest = JSON.parse(String(image.blobs.get(image.digest))) as {
      config: { digest: string };
      layers: { digest: string; size: number }[];
    };
    expect(manifest.layers.map(({ digest }) => digest)).toEqual(
      image.layers.map(({ digest }) => digest),
    );
    for (const { digest, size } of manifest.layers)
      expect(image.blobs.get(digest)).toHaveLength(size);
    const config = JSON.parse(String(image.blobs.get(manifest.config.digest))) as {
      rootfs: { diff_ids: string[] };
    };
    expect(config.rootfs.diff_ids).toEqual(image.layers.map(({ diffId }) => diffId));
  });

  test('tar reads its layers, and finds the file that each is known by', () => {
    for (const { digest, diffId, file } of image.layers) {
      const layer = gunzipSync(image.blobs.get(digest) ?? Buffer.alloc(0));
      expect(`sha256:${sha256(layer)}`).toBe(diffId);
      const path = join(folder, 'layer.tar');
      writeFileSync(path, layer);
      execFileSync('tar', ['-xf', path, '-C', folder, file.path]);
      const data = readFileSync(join(folder, file.path));
      expect(data).toHaveLength(file.bytes);
      expect(sha256(data)).toBe(file.sha256);
    }
  });

  test('tar reads its archive', () => {
    const path = join(folder, 'image.tar');
    writeFileSync(path, asArchive(image, 'lab.local/tiny:1'));
    const names = execFileSync('tar', ['-tf', path], { encoding: 'utf8' }).trim().split('\n');
    expect(names).toContain('index.json');
    expect(names).toContain('oci-layout');
    expect(names.filter((name) => name.startsWith('blobs/sha256/'))).toHaveLength(image.blobs.size);
  });
});

test('a path that tar has no room for is refused', () => {
  expect(() => tar([{ path: 'x'.repeat(101), kind: 'directory' }])).toThrow(RangeError);
});

describe('the registry', () => {
  let registry: Registry;
  beforeAll(async () => {
    registry = await serveRegistry(image);
  });
  afterAll(() => registry.close());
  const get = (path: string, method = 'GET') => fetch(`http://${registry.host}${path}`, { method });

  test('says that it is one', async () => {
    expect((await get('/v2/')).status).toBe(200);
  });

  test('resolves any tag to the manifest', async () => {
    const answer = await get('/v2/lab/tiny/manifests/1', 'HEAD');
    expect(answer.headers.get('docker-content-digest')).toBe(image.digest);
    expect(answer.headers.get('content-type')).toBe(image.mediaType);
  });

  test('gives manifest and blobs by digest', async () => {
    for (const [digest, data] of image.blobs) {
      const kind = digest === image.digest ? 'manifests' : 'blobs';
      const body = await (await get(`/v2/lab/tiny/${kind}/${digest}`)).arrayBuffer();
      expect(sha256(Buffer.from(body))).toBe(sha256(data));
    }
  });

  test('has nothing else', async () => {
    expect((await get('/v2/lab/tiny/blobs/sha256:00')).status).toBe(404);
    expect((await get('/')).status).toBe(404);
  });
});
