import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";

/** Returns whether the event data is the end mark of streams in the OpenAI format. */
export const isEndMark = (data: string): boolean => data === END_MARK || data.trim() === END_MARK;

const END_MARK = "[DONE]";

/** Receives the data of one event, or of its lines so far. Returns false if the data is not complete yet. */
export type OnData = (data: string) => boolean;

const FIELD = /^(?:data|event|id|retry)?:|^(?:data|event|id|retry)$/;

/** Splits a stream of server-sent events into the data of each event, wherever the network splits it. */
export class SseParser {
  readonly #onData: OnData;
  /** The received pieces of an incomplete line. */
  #pieces: string[] = [];
  #lineChars = 0;
  /** The data lines of an event that `onData` found incomplete so far. */
  #held = "";
  #endedWithReturn = false;
  #isBegun = false;

  constructor(onData: OnData) {
    this.#onData = onData;
  }

  /** Parses a chunk. Throws `ModelFailure` if a line exceeds the limit or the text is not an event stream. */
  push(chunk: string): void {
    const text = this.#toNewlines(chunk);
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      this.#takeLine(this.#endLine(text.slice(start, end)));
      start = end + 1;
    }
    if (start < text.length) this.#pieces.push(this.#measured(text.slice(start)));
  }

  /** Parses a last line that has no line break. */
  end(): void {
    if (this.#pieces.length > 0) this.#takeLine(this.#endLine(""));
    this.#takeHeld();
  }

  /** Normalizes line endings: CR, LF and CRLF are valid, and a chunk may split a CRLF. */
  #toNewlines(chunk: string): string {
    const text = this.#endedWithReturn && chunk.startsWith("\n") ? chunk.slice(1) : chunk;
    if (chunk !== "") this.#endedWithReturn = chunk.endsWith("\r");
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }

  #measured(piece: string): string {
    this.#lineChars += piece.length;
    if (this.#lineChars > LIMITS.sseLine) throw malformed("a line of the stream is too long");
    return piece;
  }

  /** Returns the line that ends with this piece. Most lines arrive in one piece. */
  #endLine(last: string): string {
    const piece = this.#measured(last);
    this.#lineChars = 0;
    if (this.#pieces.length === 0) return piece;
    const line = this.#pieces.join("") + piece;
    this.#pieces = [];
    return line;
  }

  #takeLine(line: string): void {
    if (line.startsWith("data:")) this.#takeData(line.startsWith(" ", 5) ? line.slice(6) : line.slice(5));
    else if (line === "") this.#takeHeld();
    else if (!this.#isBegun && !FIELD.test(line)) throw malformed("the answer is no event stream");
    this.#isBegun ||= line !== "";
  }

  #takeData(data: string): void {
    if (this.#held !== "") this.#hold(`${this.#held}\n${data}`);
    else if (data !== "" && !this.#onData(data)) this.#hold(data);
  }

  #hold(data: string): void {
    if (data.length > LIMITS.sseLine) throw malformed("an event of the stream is too long");
    this.#held = data;
  }

  #takeHeld(): void {
    if (this.#held === "") return;
    const data = this.#held;
    this.#held = "";
    if (!this.#onData(data)) throw malformed("an event of the stream is no JSON");
  }
}
