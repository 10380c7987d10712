/**
 * RFC 6455 for the load client: just enough to open a connection, send text and find the frames in
 * what comes back. It validates little, because it must cost less than any server it measures.
 */

import { createHash, randomBytes } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/**
 * One masked text frame. The key is zero, so the payload stays as it is: a server unmasks it at the
 * price of any other key, and the load client need not mask.
 */
export function clientFrame(text: string, opcode: number = opcodes.text): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const frame = Buffer.alloc(headLength + length);
  frame[0] = 0x80 | opcode;
  if (length < 126) frame[1] = 0x80 | length;
  else if (length < 65_536) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headLength);
  return frame;
}

/** One unmasked text frame, as a server sends it. */
export function serverFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = 0x80 | opcodes.text;
  if (length < 126) frame[1] = length;
  else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headLength);
  return frame;
}

/** The request that opens a WebSocket, and the one answer that may follow it. */
export function upgradeRequest(options: {
  readonly host: string;
  readonly path: string;
  readonly subprotocol?: string | undefined;
}): { readonly head: string; readonly accept: string } {
  const key = randomBytes(16).toString('base64');
  const lines = [
    `GET ${options.path} HTTP/1.1`,
    `Host: ${options.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  if (options.subprotocol !== undefined)
    lines.push(`Sec-WebSocket-Protocol: ${options.subprotocol}`);
  return { head: `${lines.join('\r\n')}\r\n\r\n`, accept: acceptOf(key) };
}

/** What a server answers to a key. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${GUID}`).digest('base64');
}

/** Called for each whole frame: payload is `bytes[start … end)`, valid during the call only. */
type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number) => void;

/**
 * Calls `onFrame` for every whole frame in `bytes[0 … length)` and returns where the first
 * incomplete one begins. Unmasks a client's frame in place.
 */
export function readFrames(bytes: Buffer, length: number, onFrame: OnFrame): number {
  let at = 0;
  while (at + 2 <= length) {
    const second = bytes[at + 1] ?? 0;
    const masked = second & 0x80;
    let size = second & 0x7f;
    let start = at + 2;
    if (size === 126) {
      if (at + 4 > length) return at;
      size = bytes.readUInt16BE(start);
      start += 2;
    } else if (size === 127) {
      if (at + 10 > length) return at;
      size = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    if (masked !== 0) start += 4;
    if (start + size > length) return at;
    if (masked !== 0) unmask(bytes, start, size);
    onFrame((bytes[at] ?? 0) & 0x0f, bytes, start, start + size);
    at = start + size;
  }
  return at;
}

function unmask(bytes: Buffer, start: number, size: number): void {
  const key = bytes.readUInt32BE(start - 4);
  if (key === 0) return;
  for (let i = 0; i < size; i += 1) {
    bytes[start + i] = (bytes[start + i] ?? 0) ^ (bytes[start - 4 + (i & 3)] ?? 0);
  }
}
