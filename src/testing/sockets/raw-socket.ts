import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";

/** The opcodes of RFC 6455, 5.2. */
export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

export interface RawFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

interface FrameOptions {
  readonly isFinal?: boolean;
  readonly isMasked?: boolean;
  /** The three reserved bits. */
  readonly reserved?: number;
}

/** Encodes a frame as a client sends it, or as no client may. */
export function encodeFrame(opcode: number, text: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { isFinal = true, isMasked = true, reserved = 0 } = options;
  const payload: Uint8Array = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const mask = isMasked ? 0x80 : 0;
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode;
  const head =
    payload.length < 126
      ? Buffer.from([first, mask | payload.length])
      : Buffer.from([first, mask | 126, payload.length >> 8, payload.length & 0xff]);
  if (!isMasked) return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, payload.map((byte, index) => byte ^ (key[index % 4] ?? 0))]);
}

/** A WebSocket on a plain TCP connection. It answers nothing by itself, not even pings. */
export class RawSocket {
  readonly tcp: Socket;
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #wake = () => {};

  constructor(tcp: Socket) {
    this.tcp = tcp;
    tcp.on("data", (part: Buffer) => {
      this.#received = Buffer.concat([this.#received, part]);
      this.#wake();
    });
    tcp.on("error", () => {});
    this.closed = new Promise((resolve) => tcp.once("close", () => resolve()));
  }

  write(...frames: readonly Buffer[]): void {
    this.tcp.write(Buffer.concat(frames));
  }

  /** Resolves to the next frame of the server. */
  async next(): Promise<RawFrame> {
    for (;;) {
      const frame = this.#take();
      if (frame) return frame;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Resolves to the next text message of the server. */
  async nextText(): Promise<string> {
    for (;;) {
      const { opcode, payload } = await this.next();
      if (opcode === OPCODE.text) return payload.toString();
    }
  }

  #take(): RawFrame | undefined {
    const bytes = this.#received;
    const short = (bytes[1] ?? 0) & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < head) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (bytes.length < head + length) return undefined;
    this.#received = bytes.subarray(head + length);
    return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(head, head + length) };
  }
}

/** Opens a WebSocket on a plain TCP connection. Throws unless the server switches protocols. */
export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const tcp = connect(Number(port), hostname);
  const key = randomBytes(16).toString("base64");
  tcp.write(
    `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n`,
  );
  const head = await new Promise<string>((resolve) => tcp.once("data", (part) => resolve(part.toString("latin1"))));
  if (!head.startsWith("HTTP/1.1 101") || !head.endsWith("\r\n\r\n")) throw new Error(`no handshake: ${head}`);
  if (/permessage-deflate/i.test(head)) throw new Error("the server compresses");
  return new RawSocket(tcp);
}
