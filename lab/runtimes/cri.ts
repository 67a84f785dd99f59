/**
 * Pulls an image as the kubelet does: a call of the Container Runtime Interface. It is one gRPC
 * call with one string each way, so HTTP/2 and the two messages are written out here.
 */
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';

/** What the runtime answered instead of the image; the message is its own. */
export class CriError extends Error {
  override name = 'CriError';
}

/** @returns the reference by which the runtime knows the image from now on */
export async function pullImage(socket: string, image: string, timeout = 60_000): Promise<string> {
  // PullImageRequest { ImageSpec image = 1 }, ImageSpec { string image = 1 }
  const request = field(1, field(1, Buffer.from(image)));
  const reply = await call(socket, '/runtime.v1.ImageService/PullImage', request, timeout);
  // PullImageResponse { string image_ref = 1 }
  return readField(reply, 1).toString();
}

function call(socket: string, path: string, message: Buffer, timeout: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2('http://localhost', { createConnection: () => connect(socket) });
    const fail = (error: Error): void => {
      session.destroy();
      reject(error);
    };
    session.on('error', fail);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [constants.HTTP2_HEADER_TE]: 'trailers',
    });
    const parts: Buffer[] = [];
    let status: string | undefined;
    let words: string | undefined;
    // An error without a body comes in the headers, everything else in the trailers.
    const note = (headers: Record<string, unknown>): void => {
      status ??= headers['grpc-status'] as string | undefined;
      words ??= headers['grpc-message'] as string | undefined;
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('error', fail);
    stream.setTimeout(timeout, () => fail(new CriError(`${path} took more than ${timeout} ms`)));
    stream.on('end', () => {
      session.close();
      if (status === '0') resolve(Buffer.concat(parts).subarray(FRAME));
      else reject(new CriError(decodeURIComponent(words ?? `gRPC status ${status ?? 'missing'}`)));
    });
    stream.end(frame(message));
  });
}

/** Every gRPC message is preceded by a byte (compressed or not) and its length. */
const FRAME = 5;

function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(FRAME);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const LENGTH_DELIMITED = 2;

/** One field of a protobuf message that holds bytes, a string or a message. */
export function field(number: number, value: Buffer): Buffer {
  const head = [...varint((number << 3) | LENGTH_DELIMITED), ...varint(value.length)];
  return Buffer.concat([Buffer.from(head), value]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** The value of the first such field; empty where the message has none. */
export function readField(message: Buffer, number: number): Buffer {
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = next();
    if ((tag & 7) !== LENGTH_DELIMITED) throw new CriError(`unexpected protobuf tag ${tag}`);
    const length = next();
    if (tag >> 3 === number) return message.subarray(at, at + length);
    at += length;
  }
  return Buffer.alloc(0);
}
