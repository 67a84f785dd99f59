/** A tiny OCI image, made without network: its digest is the same on every machine. */
import { createCipheriv, createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { tar, type TarEntry } from './tar.ts';

/** A file that a layer brings, by which the lab later sees whether the layer is still whole. */
export interface LayerFile {
  path: string;
  bytes: number;
  sha256: string;
}

export interface Layer {
  /** Digest of the compressed layer, as the registry names it. */
  digest: string;
  /** Digest of the archive inside, as containerd names the snapshot. */
  diffId: string;
  file: LayerFile;
}

export interface Image {
  /** The digest of the manifest. */
  digest: string;
  mediaType: string;
  /** From the lowest layer up. */
  layers: Layer[];
  /** Manifest, configuration and layers by digest. */
  blobs: Map<string, Buffer>;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Bytes of each file that the upper two layers bring. */
const PAYLOAD = 8 << 20;

const APPLETS = ['cat', 'dd', 'echo', 'grep', 'sh', 'sleep'];

/**
 * Three layers: busybox, and twice a file of noise. Three, since the lowest is unpacked in another
 * way than the others.
 *
 * @param busybox a statically linked busybox
 */
export function tinyImage(busybox: Uint8Array): Image {
  const blobs = new Map<string, Buffer>();
  const add = (mediaType: string, data: Buffer) => {
    const digest = sha256Digest(data);
    blobs.set(digest, data);
    return { mediaType, digest, size: data.length };
  };

  const root: TarEntry[] = [
    ...['bin', 'dev', 'etc', 'proc', 'sys', 'tmp'].map((path): TarEntry => ({
      path,
      kind: 'directory',
    })),
    { path: 'bin/busybox', kind: 'file', data: busybox, executable: true },
    ...APPLETS.map((name): TarEntry => ({ path: `bin/${name}`, kind: 'link', target: 'busybox' })),
    { path: 'etc/passwd', kind: 'file', data: Buffer.from('root:x:0:0:root:/:/bin/sh\n') },
  ];
  const contents = [
    { file: 'bin/busybox', data: busybox, entries: root },
    ...[1, 2].map((number) => {
      const file = `noise-${number}`;
      const data = noise(number, PAYLOAD);
      return { file, data, entries: [{ path: file, kind: 'file', data }] satisfies TarEntry[] };
    }),
  ];
  const layers = contents.map(({ file, data, entries }) => {
    const archive = tar(entries);
    return {
      descriptor: add(LAYER, gzipSync(archive, { level: 1 })),
      diffId: sha256Digest(archive),
      file: { path: file, bytes: data.length, sha256: sha256(data) },
    };
  });
  const config = add(
    CONFIG,
    json({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/bin/sh'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
      history: [],
    }),
  );
  const manifest = add(
    MANIFEST,
    json({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config,
      layers: layers.map(({ descriptor }) => descriptor),
    }),
  );
  return {
    digest: manifest.digest,
    mediaType: MANIFEST,
    layers: layers.map(({ descriptor, diffId, file }) => ({
      digest: descriptor.digest,
      diffId,
      file,
    })),
    blobs,
  };
}

/** The image as one file in OCI layout, as `ctr images import` reads it. */
export function asArchive(image: Image, name: string): Buffer {
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: image.mediaType,
        digest: image.digest,
        size: image.blobs.get(image.digest)?.length,
        platform: { architecture: 'amd64', os: 'linux' },
        annotations: {
          'io.containerd.image.name': name,
          'org.opencontainers.image.ref.name': name.split(':').at(-1),
        },
      },
    ],
  };
  const file = (path: string, data: Buffer): TarEntry => ({ path, kind: 'file', data });
  return tar([
    file('oci-layout', json({ imageLayoutVersion: '1.0.0' })),
    file('index.json', json(index)),
    ...[...image.blobs].map(([digest, data]) => file(`blobs/${digest.replace(':', '/')}`, data)),
  ]);
}

export const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const sha256Digest = (data: Uint8Array): string => `sha256:${sha256(data)}`;

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** Bytes that do not compress and are the same each time. */
function noise(seed: number, bytes: number): Buffer {
  const key = createHash('sha256').update(`layer ${seed}`).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
