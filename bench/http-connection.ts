import type { Socket } from "bun";

const END_OF_CHUNKS = "0\r\n\r\n";

export interface Answer {
  readonly status: number;
}

/**
 * One kept-alive HTTP/1.1 connection with the minimum that a load generator needs. It sends prepared bytes and detects
 * the end of the answer.
 */
export class HttpConnection {
  #socket: Socket | undefined;
  #text = "";
  #bodyStart = -1;
  #length = -1;
  #status = 0;
  #onData: ((text: string) => void) | undefined;
  #answered = Promise.withResolvers<Answer>();

  static async open(port: number): Promise<HttpConnection> {
    const connection = new HttpConnection();
    connection.#socket = await Bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        data: (_, bytes) => connection.#take(bytes.toString("latin1")),
        close: () => connection.#answered.reject(new Error("the server closed the connection")),
        error: (_, error) => connection.#answered.reject(error),
      },
    });
    return connection;
  }

  /**
   * Sends a request and resolves when the answer is complete. `onData` receives the answer's text as it arrives,
   * including HTTP framing.
   */
  send(request: Uint8Array, onData?: (text: string) => void): Promise<Answer> {
    this.#answered = Promise.withResolvers();
    this.#text = "";
    this.#bodyStart = -1;
    this.#onData = onData;
    this.#socket?.write(request);
    return this.#answered.promise;
  }

  close(): void {
    this.#answered.promise.catch(() => {});
    this.#socket?.end();
  }

  #take(text: string): void {
    this.#onData?.(text);
    // For a chunked answer, only the last characters are kept, which may contain the start of the end marker.
    this.#text =
      this.#length === -1 && this.#bodyStart !== -1
        ? this.#text.slice(-END_OF_CHUNKS.length) + text
        : this.#text + text;
    if (this.#bodyStart === -1 && !this.#readHead()) return;
    const isWhole =
      this.#length === -1 ? this.#text.endsWith(END_OF_CHUNKS) : this.#text.length - this.#bodyStart >= this.#length;
    if (isWhole) this.#answered.resolve({ status: this.#status });
  }

  #readHead(): boolean {
    const end = this.#text.indexOf("\r\n\r\n");
    if (end === -1) return false;
    this.#bodyStart = end + 4;
    this.#status = Number(this.#text.slice(9, 12));
    const head = this.#text.slice(0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    this.#length = length === undefined ? -1 : Number(length);
    return true;
  }
}

/** Returns the bytes of a request, so that sending it repeatedly costs no encoding. */
export function toRequestBytes(method: string, path: string, headers: Readonly<Record<string, string>>, body?: object) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const lines = Object.entries({
    Host: "127.0.0.1",
    ...headers,
    ...(body !== undefined && {
      "Content-Type": "application/json",
      "Content-Length": String(Buffer.byteLength(text)),
    }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${text}`);
}
