/** A part of a word: fixed text, or the name of a parameter whose value comes in its place. */
export type Piece = { readonly text: string } | { readonly parameter: string };
export type Word = readonly Piece[];

/** The words of a command, or what is wrong with it. */
export type SplitCommand =
  | { readonly kind: "words"; readonly words: readonly [Word, ...Word[]] }
  | { readonly kind: "wrong"; readonly problem: CommandProblem };
export type CommandProblem = "field.command_empty" | "field.command_quote" | "field.command_program";

/** What stands at a place of a command. `{{.name}}` is a parameter, also with spaces inside its braces. */
const PARAMETER = /\{\{\s*\.(\w+)\s*\}\}/y;
const SPACE = /\s/;

/**
 * Splits a command into words as a shell does, but expands nothing. Quotes group words and a backslash takes the next
 * character as it is; within double quotes it does so only before `"` and `\`. A parameter fills a part of one word,
 * whatever its value. The program itself cannot come from a parameter.
 */
export function splitCommand(command: string): SplitCommand {
  const splitter = new Splitter(command);
  const words = splitter.split();
  if (words === undefined) return { kind: "wrong", problem: "field.command_quote" };
  const [program, ...rest] = words;
  if (program === undefined) return { kind: "wrong", problem: "field.command_empty" };
  const isFixed = program.length > 0 && program.every((piece) => "text" in piece);
  return isFixed ? { kind: "words", words: [program, ...rest] } : { kind: "wrong", problem: "field.command_program" };
}

class Splitter {
  readonly #command: string;
  readonly #words: Word[] = [];
  #pieces: Piece[] = [];
  #text = "";
  /** True from the first character of a word on, so that `""` is a word too. */
  #isInWord = false;
  #at = 0;

  constructor(command: string) {
    this.#command = command;
  }

  /** Returns undefined if a quotation is open at the end. */
  split(): readonly Word[] | undefined {
    let quote = "";
    while (this.#at < this.#command.length) {
      const character = this.#command[this.#at] ?? "";
      if (this.#takeParameter()) continue;
      this.#at++;
      if (character === "\\" && this.#isEscape(quote)) this.#addEscaped();
      else if (character === quote) quote = "";
      else if (quote === "" && (character === "'" || character === '"')) this.#begin(() => (quote = character));
      else if (quote === "" && SPACE.test(character)) this.#endWord();
      else this.#add(character);
    }
    this.#endWord();
    return quote === "" ? this.#words : undefined;
  }

  #begin(open: () => void): void {
    this.#isInWord = true;
    open();
  }

  #isEscape(quote: string): boolean {
    const next = this.#command[this.#at];
    if (next === undefined || quote === "'") return false;
    return quote === "" || next === '"' || next === "\\";
  }

  /** A line break after a backslash continues the line. */
  #addEscaped(): void {
    const character = this.#command[this.#at++] ?? "";
    if (character !== "\n") this.#add(character);
  }

  #takeParameter(): boolean {
    PARAMETER.lastIndex = this.#at;
    const [whole, parameter] = PARAMETER.exec(this.#command) ?? [];
    if (whole === undefined || parameter === undefined) return false;
    this.#endText();
    this.#pieces.push({ parameter });
    this.#isInWord = true;
    this.#at += whole.length;
    return true;
  }

  #add(text: string): void {
    this.#text += text;
    this.#isInWord = true;
  }

  #endText(): void {
    if (this.#text !== "") this.#pieces.push({ text: this.#text });
    this.#text = "";
  }

  #endWord(): void {
    this.#endText();
    if (this.#isInWord) this.#words.push(this.#pieces);
    this.#pieces = [];
    this.#isInWord = false;
  }
}
