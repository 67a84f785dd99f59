import { createServer, type Http2Server } from 'node:http2';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CriError, field, pullImage, readField } from '../../../lab/runtimes/cri.ts';

describe('messages', () => {
  test('a long field keeps its length', () => {
    const value = Buffer.alloc(300, 'x');
    const message = Buffer.concat([field(1, Buffer.from('one')), field(2, value)]);
    expect(readField(message, 2)).toEqual(value);
    expect(readField(message, 3)).toHaveLength(0);
  });

  test('are as protobuf writes them', () => {
    expect(field(1, field(1, Buffer.from('ab')))).toEqual(Buffer.from('0a040a026162', 'hex'));
  });
});

describe('a call', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cri-'));
  const socket = join(folder, 'socket');
  let server: Http2Server;
  beforeAll(async () => {
    server = createServer();
    server.on('stream', (stream, headers) => {
      expect(headers[':path']).toBe('/runtime.v1.ImageService/PullImage');
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const image = readField(readField(Buffer.concat(parts).subarray(5), 1), 1).toString();
        if (image !== 'known') {
          const trailers = { 'grpc-status': '2', 'grpc-message': 'no%20such image' };
          stream.respond({ ':status': 200, ...trailers }, { endStream: true });
          return;
        }
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => {
          stream.sendTrailers({ 'grpc-status': '0' });
        });
        const reply = field(1, Buffer.from('sha256:ab'));
        stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, reply.length]), reply]));
      });
    });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('answers the reference', async () => {
    expect(await pullImage(socket, 'known')).toBe('sha256:ab');
  });

  test('fails with the words of the runtime', async () => {
    await expect(pullImage(socket, 'unknown')).rejects.toThrow(new CriError('no such image'));
  });

  test('fails where nobody listens', async () => {
    await expect(pullImage(join(folder, 'nobody'), 'known')).rejects.toThrow('ENOENT');
  });
});
