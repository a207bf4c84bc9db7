import { Transform } from "node:stream";
import type { ReadStream } from "node:tty";

const BEGIN = "\u001b[200~";
const END = "\u001b[201~";
/** Stands for a line break while a line is edited. */
const BREAK = "\u240a";

/**
 * Passes on what is written on a terminal. A line break within a paste is shown as `␊`, so that it does not send the
 * line. The terminal marks pastes if it is asked to.
 */
export class PasteFilter extends Transform {
  readonly isTTY = true;
  readonly #input: ReadStream;
  #isPasting = false;
  /** The beginning of a mark, whose end has not come yet. */
  #held = "";

  constructor(input: ReadStream) {
    super({ decodeStrings: false, encoding: "utf8" });
    this.#input = input;
    input.setEncoding("utf8");
    input.pipe(this);
  }

  /** Readline turns the raw mode on and off by its input. */
  setRawMode(isRaw: boolean): this {
    this.#input.setRawMode(isRaw);
    return this;
  }

  /** Returns the line breaks to a line. */
  restore(line: string): string {
    return line.replaceAll(BREAK, "\n");
  }

  release(): void {
    this.#input.unpipe(this);
    this.#input.pause();
  }

  override _transform(chunk: string | Buffer, _encoding: string, done: (error: null, text: string) => void): void {
    let rest = this.#held + String(chunk);
    this.#held = "";
    let passed = "";
    for (;;) {
      const mark = this.#isPasting ? END : BEGIN;
      const at = rest.indexOf(mark);
      if (at === -1) break;
      passed += this.#convert(rest.slice(0, at));
      this.#isPasting = !this.#isPasting;
      rest = rest.slice(at + mark.length);
    }
    const keep = beginningLength(rest, this.#isPasting ? END : BEGIN);
    this.#held = rest.slice(rest.length - keep);
    done(null, passed + this.#convert(rest.slice(0, rest.length - keep)));
  }

  #convert(text: string): string {
    return this.#isPasting ? text.replaceAll(/\r\n|\r|\n/g, BREAK) : text;
  }
}

/** Returns how many characters at the end of a text are the beginning of a mark. A lone escape is a key of its own. */
function beginningLength(text: string, mark: string): number {
  for (let length = mark.length - 1; length > 1; length--) if (text.endsWith(mark.slice(0, length))) return length;
  return 0;
}
