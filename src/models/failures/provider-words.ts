import { inspect } from "node:util";
import { recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import { createScrubber } from "#base/scrub-credentials.ts";
import type { Secret } from "#base/secret.ts";
import { headOf } from "#base/texts/cut-text.ts";

const SCRUBBER = createScrubber({ usesPatterns: true, secrets: [] });
const CUT = "…";
/** A longer quote is more likely a part of the prompt than a name. */
const NAME_CHARS = 80;

/**
 * What a provider said about a failure. The text may hold keys and quote the prompt, so logs and JSON show nothing of
 * it, and only `show` and `showNames` return it, cleaned.
 */
export class ProviderWords {
  readonly #text: string;
  readonly #names: readonly string[];

  /** `text` is the body of an answer, or an error inside one as JSON. `error` is the parsed error. */
  constructor(text: string, error: unknown) {
    this.#text = headOf(text, LIMITS.modelErrorBody);
    this.#names = namesIn(error);
  }

  /**
   * Returns the provider's message in one line, of at most `LIMITS.providerMessageChars`. Credentials, query strings,
   * e-mail addresses and long quotes are removed, and the secrets. Returns undefined if the provider said nothing.
   */
  show(secrets: readonly Secret[]): string | undefined {
    const message = SCRUBBER.scrub(messageIn(this.#text), secrets)
      .replace(QUERY, "")
      .replace(E_MAIL, CUT)
      .replace(LONG_QUOTE, `$1${CUT}$1`)
      .replace(/[\s\p{Cc}]{1,}/gu, " ")
      .trim();
    return message === "" ? undefined : headOf(message, LIMITS.providerMessageChars);
  }

  /**
   * Returns the names in the error's fields, such as `invalid_request_error, top_p`. Every caller may read them. Names
   * that are or hold credentials are left out. Returns undefined if there are none.
   */
  showNames(secrets: readonly Secret[]): string | undefined {
    const names = this.#names.filter((name) => SCRUBBER.scrub(name, secrets) === name);
    return names.length === 0 ? undefined : names.join(", ");
  }

  toJSON(): undefined {
    return undefined;
  }

  [inspect.custom](): string {
    return "ProviderWords";
  }
}

const NAME = /^[A-Za-z][\w.[\]-]{1,63}$/;

function namesIn(error: unknown): readonly string[] {
  const record = recordOf(error);
  const values = ["type", "status", "code", "param"].map((field) => record[field]);
  return [...new Set(values)].filter((value) => typeof value === "string").filter((value) => NAME.test(value));
}

const QUERY = /[?&#][\w.-]{1,64}=[^\s"'<>&]{0,2000}/g;
const E_MAIL = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;
const LONG_QUOTE = new RegExp(`(?<!\\w)(["'\`])(?:(?!\\1)[^]){${NAME_CHARS},}?\\1(?!\\w)`, "g");

/** The fields in which servers put their message, the most specific one first. */
const MESSAGE_FIELDS = ["metadata", "raw", "message", "msg", "detail", "error", "errors", "status_msg"];

/** Returns the message in a body: a field of its JSON, the title of a page, or the text itself. */
function messageIn(text: string): string {
  const value = parse(text);
  if (value !== undefined) return findMessage(value, 0) ?? "";
  if (!text.trimStart().startsWith("<")) return text;
  return /<title[^>]{0,200}>([^<]{1,500})/i.exec(text)?.[1] ?? "";
}

const MAX_DEPTH = 6;

function findMessage(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") {
    // A router passes on the answer of the next server as text.
    const inner = depth < MAX_DEPTH && value.trimStart().startsWith("{") ? parse(value) : undefined;
    return (inner === undefined ? undefined : findMessage(inner, depth + 1)) ?? (value === "" ? undefined : value);
  }
  if (depth >= MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return findMessage(value[0], depth + 1);
  const record = recordOf(value);
  const found = MESSAGE_FIELDS.map((field) => findMessage(record[field], depth + 1));
  return found.find((message) => message !== undefined);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
