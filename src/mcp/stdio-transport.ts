import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { isRecord, parseJson } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { tooLarge } from "#mcp/bound-response.ts";
import { LastWords } from "#mcp/last-words.ts";
import { McpError } from "#mcp/mcp-error.ts";
import type { RunningProcess } from "#processes/process-runner.ts";

/** Starts the child process of a server. */
export type StartProcess = () => Promise<RunningProcess>;

/**
 * Speaks with a child process over its standard input and output, a line for each message. Lines that are no JSON
 * object count as messages, so that a flood of them is noticed. Of its standard error, only the last words are kept.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: <Message extends JSONRPCMessage>(message: Message) => void;
  readonly #startProcess: StartProcess;
  #process: RunningProcess | undefined;
  #isClosed = false;
  #parts: Buffer[] = [];
  #size = 0;
  readonly #words = new LastWords();

  constructor(startProcess: StartProcess) {
    this.#startProcess = startProcess;
  }

  async start(): Promise<void> {
    const child = await this.#startProcess();
    if (this.#isClosed) {
      child.end();
      throw new McpError("closed", "the connection was closed while its process started");
    }
    this.#process = child;
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => this.#words.add(text));
    child.stderr.on("error", () => undefined);
    child.stdin.on("error", () => this.#end());
    child.stdout.on("error", () => this.#end());
    child.stdout.on("data", (chunk: Buffer) => this.#read(chunk));
    void child.exited.then(
      () => this.#end(),
      () => this.#end(),
    );
  }

  /** Why the process ended, in its own words. */
  get lastWords(): string {
    return this.#words.text;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const child = this.#process;
    if (!child || this.#isClosed) throw new McpError("closed", "the server's process has ended");
    if (child.stdin.write(`${JSON.stringify(message)}\n`)) return;
    await Promise.race([new Promise((resolve) => child.stdin.once("drain", resolve)), child.exited]);
  }

  /** Ends the process with all its children. */
  async close(): Promise<void> {
    this.#end();
  }

  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1 && !this.#isClosed; end = chunk.indexOf(LINE_FEED, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      this.#takeLine();
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(part: Buffer): void {
    if (this.#isClosed) return;
    this.#size += part.byteLength;
    if (this.#size > LIMITS.mcpMessageBytes) {
      this.onerror?.(tooLarge());
      this.#end();
      return;
    }
    if (part.byteLength > 0) this.#parts.push(part);
  }

  #takeLine(): void {
    const line = Buffer.concat(this.#parts).toString("utf8").trim();
    this.#parts = [];
    this.#size = 0;
    if (line === "" || this.#isClosed) return;
    this.onmessage?.(toMessage(line));
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#parts = [];
    this.#process?.end();
    this.onclose?.();
  }
}

const LINE_FEED = 0x0a;

/** Many servers print logs on their standard output. */
const UNREADABLE: JSONRPCMessage = { jsonrpc: "2.0", method: "notifications/unreadable" };

function toMessage(line: string): JSONRPCMessage {
  if (!line.startsWith("{")) return UNREADABLE;
  try {
    const value = parseJson(line, { maxDepth: LIMITS.jsonDepth, maxValues: LIMITS.mcpMessageValues });
    // Safe: the client checks each kind of message against its schema.
    return isRecord(value) && value.jsonrpc === "2.0" ? (value as unknown as JSONRPCMessage) : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}
