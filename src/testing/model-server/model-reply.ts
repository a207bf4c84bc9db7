export type Wire = "openai" | "anthropic" | "google";

export interface ReplyToolCall {
  readonly id?: string;
  readonly name: string;
  /** JSON text, or a value that is encoded as JSON. */
  readonly arguments: unknown;
}

export interface ReplyUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly reasoning?: number;
}

/** The scripted model's reply. All fields are optional; times are in milliseconds. */
export interface ModelReply {
  /** One chunk or several. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  readonly toolCalls?: readonly ReplyToolCall[];
  /** `null` omits the usage. */
  readonly usage?: ReplyUsage | null;
  /** Reported instead of `usage`, one after the other, without conversion. They may have any shape. */
  readonly rawUsages?: readonly unknown[];
  readonly finish?: "stop" | "length" | "tool_calls" | "content_filter";
  /** Any status except 200 answers with an error in the wire's own shape, or with `body`. */
  readonly status?: number;
  /** Sent unchanged instead of the other fields: text, or a value that is encoded as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The wait before the status line and headers. */
  readonly delayMs?: number;
  readonly chunkDelayMs?: number;
  /** Lines that are written into the stream unchanged, after the chunks. */
  readonly rawLines?: readonly string[];
  /** Breaks the connection after this number of chunks. */
  readonly cutAfterChunks?: number;
  /** Sends nothing after this number of chunks, until the client disconnects. */
  readonly stallAfterChunks?: number;
  /** Awaited after the last chunk, before the finish. */
  readonly hold?: Promise<unknown>;
  /**
   * Sent as an event stream in exactly these pieces, instead of the other fields. A content type in `headers` takes
   * precedence.
   */
  readonly raw?: readonly (string | Uint8Array)[];
  /** A fault that the other fields cannot express. */
  readonly fault?: ReplyFault;
}

export type ReplyFault =
  /** The connection breaks before the head is sent, or after the status line and headers. */
  | "reset_before_head"
  | "reset_after_head"
  /** The answer contains endless text, or one endless line, until the client disconnects. */
  | "endless_text"
  | "endless_line"
  /** The answer ends without its finish reason, or without its end mark. */
  | "without_finish"
  | "without_end"
  /** The connection stays open after the last byte. A comment is sent now and then. */
  | "without_close";

export interface RecordedMessage {
  readonly role: string;
  readonly text: string;
}

/** A request as the scripted model received it. */
export interface RecordedRequest {
  readonly wire: Wire;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read bodies of several shapes
  readonly body: any;
  readonly messages: readonly RecordedMessage[];
  readonly lastUserText: string;
  /** Whether the client requested a stream. */
  readonly isStream: boolean;
  /** The tool results at the end of the conversation, if any. */
  readonly toolResults: readonly string[];
  /** The client's port. Requests over one connection have the same port. */
  readonly clientPort: number | undefined;
  /** Whether the client disconnected before the answer was complete. */
  aborted: boolean;
}

export type ReplyFunction = (request: RecordedRequest) => ModelReply | Promise<ModelReply>;

/** The default reply: echoes the last user text. */
export const echoReply: ReplyFunction = ({ lastUserText }) => ({ text: toChunks(`echo: ${lastUserText}`) });

/** Splits text into words, each with its preceding space. */
export const toChunks = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [text];

/** Splits an answer at these byte positions, for `raw`. */
export function cutAt(content: string | Uint8Array, ...positions: readonly number[]): readonly Uint8Array[] {
  const bytes = Buffer.from(content);
  return [0, ...positions].map((start, index) => bytes.subarray(start, positions[index] ?? bytes.length));
}

/** Splits an answer into pieces of `size` bytes, for `raw`. */
export function cutEvery(content: string | Uint8Array, size: number): readonly Uint8Array[] {
  const bytes = Buffer.from(content);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
