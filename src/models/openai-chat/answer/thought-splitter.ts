/** A piece of an answer's text, told apart. */
export interface SplitPiece {
  readonly kind: "text" | "thought";
  readonly text: string;
}

/** The marks around thoughts that models write into their text, in lower case. */
const MARKS: readonly (readonly [open: string, close: string])[] = [
  ...["think", "thinking", "thought", "thoughts", "reasoning", "seed:think", "longcat_think", "antthinking"].map(
    (name) => [`<${name}>`, `</${name}>`] as const,
  ),
  // Magistral, Kimi, Sky-T1, Cohere, MedGemma and gpt-oss, in this order.
  ["[think]", "[/think]"],
  ["◁think▷", "◁/think▷"],
  ["<|begin_of_thought|>", "<|end_of_thought|>"],
  ["<|start_thinking|>", "<|end_thinking|>"],
  ["<unused94>thought", "<unused95>"],
  ["<|channel|>analysis<|message|>", "<|channel|>final<|message|>"],
];
const CLOSES = MARKS.map(([, close]) => close);
const ALL_MARKS = MARKS.flat();
const LONGEST_MARK = Math.max(...ALL_MARKS.map(({ length }) => length));
/** White space before a mark, in characters. What follows more of it is text. */
const MAX_INDENT = 1_000;

/**
 * Separates the thoughts at the beginning of a model's text from its answer, wherever the network cuts the marks.
 * Thoughts that are never closed reach to the end. Marks after the first word of the answer are text.
 */
export class ThoughtSplitter {
  /** `unopened` means that the server's template has opened the thoughts, so that only their closing mark arrives. */
  #place: "unopened" | "beginning" | "thought" | "answer";
  #close = "";
  #held = "";
  #unopened: string[] = [];
  #followsThought = false;

  constructor(beginsInThought: boolean) {
    this.#place = beginsInThought ? "unopened" : "beginning";
  }

  /** Whether the answer has begun. Its text needs no splitting. */
  get isInAnswer(): boolean {
    return this.#place === "answer";
  }

  /** Tells that the server reports thoughts apart, so the text does not begin with them. */
  expectAnswer(): void {
    if (this.#place === "unopened") this.#place = "beginning";
  }

  /** Returns what the text adds. Keeps back what may belong to a mark. */
  push(text: string): readonly SplitPiece[] {
    const pieces: SplitPiece[] = [];
    this.#held += text;
    while (this.#step(pieces));
    return pieces;
  }

  /** Returns what was kept back. More text may follow. */
  flush(): readonly SplitPiece[] {
    const text = this.#unopened.join("") + this.#held;
    this.#unopened = [];
    this.#held = "";
    if (this.#place === "thought") return piecesOf("thought", text);
    return piecesOf("text", this.#followsThought ? text.trimStart() : text);
  }

  /** Handles the text that was kept back. Returns whether more of it can be handled. */
  #step(pieces: SplitPiece[]): boolean {
    switch (this.#place) {
      case "unopened":
        return this.#seekUnopenedEnd(pieces);
      case "beginning":
        return this.#begin();
      case "thought":
        return this.#seekEnd(pieces);
      case "answer":
        this.#take(pieces, "text", this.#held.length);
        return false;
    }
  }

  #seekUnopenedEnd(pieces: SplitPiece[]): boolean {
    const lower = toLower(this.#held);
    if (this.#unopened.length === 0 && MARKS.some(([open]) => lower.trimStart().startsWith(open))) {
      this.#place = "beginning";
      return true;
    }
    const close = CLOSES.find((mark) => lower.includes(mark));
    if (close !== undefined) {
      pieces.push(...piecesOf("thought", this.#unopened.join("")));
      this.#unopened = [];
      this.#endThought(pieces, lower.indexOf(close), close);
      return true;
    }
    // A long thought is set aside, so that each search covers only its end.
    const kept = this.#held.length - LONGEST_MARK;
    if (kept < LONGEST_MARK) return false;
    this.#unopened.push(this.#held.slice(0, kept));
    this.#held = this.#held.slice(kept);
    return false;
  }

  #begin(): boolean {
    const start = this.#held.trimStart();
    const lower = toLower(start.slice(0, LONGEST_MARK));
    const opened = MARKS.find(([open]) => lower.startsWith(open));
    if (opened) {
      const [open, close] = opened;
      this.#place = "thought";
      this.#close = close;
      this.#held = start.slice(open.length).trimStart();
      return true;
    }
    const closed = CLOSES.find((close) => lower.startsWith(close));
    if (closed !== undefined) {
      this.#followsThought = true;
      this.#held = start.slice(closed.length);
      return true;
    }
    const mayBecomeMark = ALL_MARKS.some((mark) => mark.startsWith(lower));
    if (mayBecomeMark && this.#held.length <= MAX_INDENT) return false;
    if (this.#followsThought) this.#held = start;
    this.#place = "answer";
    return true;
  }

  #seekEnd(pieces: SplitPiece[]): boolean {
    const lower = toLower(this.#held);
    const end = lower.indexOf(this.#close);
    if (end === -1) {
      this.#take(pieces, "thought", this.#held.length - lengthOfBegunMark(lower, this.#close));
      return false;
    }
    this.#endThought(pieces, end, this.#close);
    return true;
  }

  #endThought(pieces: SplitPiece[], end: number, close: string): void {
    this.#take(pieces, "thought", end);
    this.#held = this.#held.slice(close.length);
    this.#place = "beginning";
    this.#followsThought = true;
  }

  #take(pieces: SplitPiece[], kind: SplitPiece["kind"], length: number): void {
    pieces.push(...piecesOf(kind, this.#held.slice(0, length)));
    this.#held = this.#held.slice(length);
  }
}

const piecesOf = (kind: SplitPiece["kind"], text: string): readonly SplitPiece[] =>
  text === "" ? [] : [{ kind, text }];

/** Converts ASCII letters only, so that the length stays the same. */
const toLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Returns the length of the longest end of `text` with which `mark` begins. */
function lengthOfBegunMark(text: string, mark: string): number {
  let length = Math.min(text.length, mark.length - 1);
  while (length > 0 && !text.endsWith(mark.slice(0, length))) length--;
  return length;
}
