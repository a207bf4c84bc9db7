import { inspect } from "node:util";

/** Text that logs, errors and JSON never show. Only `reveal()` returns it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** Returns the plain text. Call it only where the secret is passed to its intended recipient. */
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

/** Replaces stored secrets in responses. In an update it means "keep the stored secret". */
export const MASK = "***";
