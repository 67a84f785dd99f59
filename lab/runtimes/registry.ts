/** An OCI registry that holds one image, on the loopback interface alone. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Image } from './image.ts';

export interface Registry {
  /** `127.0.0.1:PORT`, as it stands before an image's name. */
  host: string;
  close: () => Promise<void>;
}

/** Serves the image under every name and tag. */
export async function serveRegistry(image: Image): Promise<Registry> {
  const server = createServer((request, response) => {
    const [, kind, reference = ''] =
      /^\/v2\/.+\/(manifests|blobs)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    if (request.url === '/v2/') {
      response.end('{}');
      return;
    }
    const digest = kind === 'manifests' && !reference.includes(':') ? image.digest : reference;
    const data = image.blobs.get(digest);
    if (data === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': digest === image.digest ? image.mediaType : 'application/octet-stream',
      'Content-Length': data.length,
      'Docker-Content-Digest': digest,
    });
    response.end(request.method === 'HEAD' ? undefined : data);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, close: () => close(server) };
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
