import { inspect } from "node:util";

/** Text that no log line, error or JSON document can show. Only `reveal` gives it out. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The plain text. Call it where the secret leaves for the one place it is meant for. */
  reveal(): string {
    return this.#value;
  }

  get isEmpty(): boolean {
    return this.#value === "";
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}

/** What stands in for a stored secret in answers; sent back in an update it means "keep the stored one". */
export const MASK = "***";
