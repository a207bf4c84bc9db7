/** Rewrites a text that comes piece by piece, and may hold back its end. `LinkStream` is one. */
export interface TextFilter {
  /** Takes a piece that is shown as it is. Returns false for one that must be pushed. */
  passes(piece: string): boolean;
  push(piece: string): Promise<string>;
  end(): Promise<string>;
}

/** Text as it arrives and as it is shown. Never shows half a character, and nothing that its filter holds back. */
export class ShownText {
  readonly #filter: TextFilter | undefined;
  #half = "";
  #raw = "";
  #shown = "";

  constructor(filter?: TextFilter) {
    this.#filter = filter;
  }

  /** All text that arrived. */
  get raw(): string {
    return this.#raw;
  }

  /** All text that was shown. */
  get shown(): string {
    return this.#shown;
  }

  /** Takes a piece and returns what of the text may be shown now. */
  async push(piece: string): Promise<string> {
    this.#raw += piece;
    const text = this.#half + piece;
    const isTorn = /[\uD800-\uDBFF]$/.test(text);
    this.#half = isTorn ? text.slice(-1) : "";
    return this.#show(isTorn ? text.slice(0, -1) : text);
  }

  /** Returns the rest of the text. */
  async end(): Promise<string> {
    const rest = await this.#show(this.#half);
    this.#half = "";
    const held = (await this.#filter?.end()) ?? "";
    this.#shown += held;
    return rest + held;
  }

  /** Adds text that belongs to what is shown, but did not arrive. */
  prepend(text: string): void {
    this.#shown = text + this.#shown;
  }

  async #show(text: string): Promise<string> {
    const whole = text.toWellFormed();
    const isPlain = text === "" || this.#filter === undefined || this.#filter.passes(whole);
    const shown = isPlain ? whole : ((await this.#filter?.push(whole)) ?? "");
    this.#shown += shown;
    return shown;
  }
}
