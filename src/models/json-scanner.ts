/** Follows JSON text as it arrives. It looks at brackets and strings only, which is cheaper than parsing. */
export class JsonScanner {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #hasBegun = false;

  push(text: string): void {
    for (let index = 0; index < text.length; index++) this.#take(text[index]);
  }

  /** Whether the text stops inside an object, a list or a string. */
  get isTorn(): boolean {
    return this.#depth > 0 || this.#isInString;
  }

  /** Whether an object or a list has begun and ended. */
  get isWhole(): boolean {
    return this.#hasBegun && !this.isTorn;
  }

  #take(character: string | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isInString) {
      this.#isEscaped = character === "\\";
      this.#isInString = character !== '"';
    } else if (character === '"') this.#isInString = true;
    else if (character === "{" || character === "[") {
      this.#hasBegun = true;
      this.#depth++;
    } else if ((character === "}" || character === "]") && this.#depth > 0) this.#depth--;
  }
}
