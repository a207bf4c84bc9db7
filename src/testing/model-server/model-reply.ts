export type Wire = "openai" | "anthropic" | "google";

export interface ReplyToolCall {
  readonly id?: string;
  readonly name: string;
  /** JSON text, or a value to turn into it. */
  readonly arguments: unknown;
}

export interface ReplyUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly reasoning?: number;
}

/** What the scripted model answers. Every part is optional; times are milliseconds. */
export interface ModelReply {
  /** One chunk, or several. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  readonly toolCalls?: readonly ReplyToolCall[];
  /** `null` leaves usage out. */
  readonly usage?: ReplyUsage | null;
  /** Reported instead of `usage`, one after the other, in the wire's own shape or in none. */
  readonly rawUsages?: readonly unknown[];
  readonly finish?: "stop" | "length" | "tool_calls" | "content_filter";
  /** Anything but 200 answers with an error in the wire's own shape, or with `body`. */
  readonly status?: number;
  /** Sent as it is instead of the rest: text, or a value to turn into JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Before the head of the answer. */
  readonly delayMs?: number;
  readonly chunkDelayMs?: number;
  /** Lines put into the stream as they are, after the chunks. */
  readonly rawLines?: readonly string[];
  /** Closes the connection after so many chunks. */
  readonly cutAfterChunks?: number;
  /** Goes silent after so many chunks, until the client leaves. */
  readonly stallAfterChunks?: number;
  /** Waited for after the last chunk, before finishing. */
  readonly hold?: Promise<unknown>;
  /** Sent as an event stream in these very pieces instead of all the rest; a content type in `headers` wins. */
  readonly raw?: readonly (string | Uint8Array)[];
  /** What goes wrong, where it is more than the fields above can say. */
  readonly fault?: ReplyFault;
}

export type ReplyFault =
  /** The connection breaks before anything is sent, or after the status line and headers. */
  | "reset_before_head"
  | "reset_after_head"
  /** Pieces of text, or of one line, for as long as the client reads. */
  | "endless_text"
  | "endless_line"
  /** The answer ends without saying why, or without its last mark. */
  | "without_finish"
  | "without_end"
  /** After its last byte the connection stays open, with a comment now and then. */
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
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of several shapes
  readonly body: any;
  readonly messages: readonly RecordedMessage[];
  readonly lastUserText: string;
  /** Whether a stream was asked for. */
  readonly isStream: boolean;
  /** The results that the conversation ends with, if it ends with any. */
  readonly toolResults: readonly string[];
  /** Requests over one connection have one. */
  readonly clientPort: number | undefined;
  /** Whether the client left before the answer was complete. */
  aborted: boolean;
}

export type ReplyFunction = (request: RecordedRequest) => ModelReply | Promise<ModelReply>;

/** What an unscripted request is answered with. */
export const echoReply: ReplyFunction = ({ lastUserText }) => ({ text: toChunks(`echo: ${lastUserText}`) });

/** Cuts text into words, each with the space before it. */
export const toChunks = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [text];

/** Cuts an answer at these bytes, for `raw`. */
export function cutAt(content: string | Uint8Array, ...positions: readonly number[]): readonly Uint8Array[] {
  const bytes = Buffer.from(content);
  return [0, ...positions].map((start, index) => bytes.subarray(start, positions[index] ?? bytes.length));
}

/** Cuts an answer into pieces of so many bytes, for `raw`. */
export function cutEvery(content: string | Uint8Array, size: number): readonly Uint8Array[] {
  const bytes = Buffer.from(content);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
