export type Wire = "openai" | "anthropic";

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
}

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
  /** The results that the conversation ends with, if it ends with any. */
  readonly toolResults: readonly string[];
  /** Whether the client left before the answer was complete. */
  aborted: boolean;
}

export type ReplyFunction = (request: RecordedRequest) => ModelReply | Promise<ModelReply>;

/** What an unscripted request is answered with. */
export const echoReply: ReplyFunction = ({ lastUserText }) => ({ text: toChunks(`echo: ${lastUserText}`) });

/** Cuts text into words, each with the space before it. */
export const toChunks = (text: string): readonly string[] => text.match(/\s*\S+|\s+$/g) ?? [text];
