import { LIMITS } from "#base/limits.ts";
import { malformed } from "#models/failures/model-failure.ts";
import type { ChatDecoder } from "#models/openai-chat/answer/chat-decoder.ts";
import { SseParser } from "#models/sse-parser.ts";

/**
 * Feeds the bytes of an answer to a decoder. The answer is a single document if no stream was requested or the server
 * cannot stream. The first character shows which it is.
 */
export class AnswerReader {
  readonly #decoder: ChatDecoder;
  readonly #sse: SseParser;
  readonly #utf8 = new TextDecoder();
  #form: "unknown" | "stream" | "document" = "unknown";
  #document: string[] = [];
  #documentChars = 0;

  constructor(decoder: ChatDecoder) {
    this.#decoder = decoder;
    this.#sse = new SseParser((data) => decoder.decode(data));
  }

  push(bytes: Uint8Array): void {
    this.#pushText(this.#utf8.decode(bytes, { stream: true }));
  }

  /** Decodes the rest after the last bytes. */
  end(): void {
    this.#pushText(this.#utf8.decode());
    if (this.#form === "stream") this.#sse.end();
    else this.#decoder.decodeDocument(parseDocument(this.#document.join("")));
  }

  #pushText(text: string): void {
    if (this.#form === "unknown") this.#form = formOf(text);
    if (this.#form === "stream") this.#sse.push(text);
    else this.#keep(text);
  }

  #keep(text: string): void {
    this.#documentChars += text.length;
    if (this.#documentChars > LIMITS.modelDocumentChars) throw malformed("the answer is too long");
    this.#document.push(text);
  }
}

function formOf(text: string) {
  const first = text.trimStart()[0];
  if (first === undefined) return "unknown";
  if (first === "<") throw malformed("the answer is a web page");
  return first === "{" || first === "[" ? "document" : "stream";
}

function parseDocument(text: string): unknown {
  if (text.trim() === "") throw malformed("the answer is empty");
  try {
    const value: unknown = JSON.parse(text);
    // Google wraps its errors in a list with one item.
    return Array.isArray(value) ? value[0] : value;
  } catch {
    throw malformed("the answer is no JSON");
  }
}
