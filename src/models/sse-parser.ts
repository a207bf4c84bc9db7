import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";

/** Whether the data of an event is the mark that servers of the OpenAI format end a stream with. */
export const isEndMark = (data: string): boolean => data === END_MARK || data.trim() === END_MARK;

const END_MARK = "[DONE]";

/** Takes the data of one event, or of its lines so far; false means that it is not whole yet. */
export type OnData = (data: string) => boolean;

const FIELD = /^(?:data|event|id|retry)?:|^(?:data|event|id|retry)$/;

/** Cuts a stream of server-sent events into their data, wherever the network has cut it. */
export class SseParser {
  readonly #onData: OnData;
  /** The pieces of a line whose end has not come. */
  #pieces: string[] = [];
  #lineChars = 0;
  /** The data lines of an event that was not whole after its first. */
  #held = "";
  #endedWithReturn = false;
  #isBegun = false;

  constructor(onData: OnData) {
    this.#onData = onData;
  }

  /** Throws on a line past the limit and on text that is no event stream. */
  push(chunk: string): void {
    const text = this.#toNewlines(chunk);
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      this.#takeLine(this.#endLine(text.slice(start, end)));
      start = end + 1;
    }
    if (start < text.length) this.#pieces.push(this.#measured(text.slice(start)));
  }

  /** Takes what came without a last line break. */
  end(): void {
    if (this.#pieces.length > 0) this.#takeLine(this.#endLine(""));
    this.#takeHeld();
  }

  /** Lines may end in any of the three ways, and a chunk may end between the two characters of one. */
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

  /** The line that ends with this piece. Most come in one. */
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
