import type { Secret } from "#base/secret.ts";

/** Takes credentials out of what tools answer. */
export interface Scrubber {
  /** `secrets` are further values to look for, beside those the scrubber was made with. */
  scrub(text: string, secrets: readonly Secret[]): string;
}

export interface ScrubberOptions {
  /** Whether to look for what is shaped like a credential too, not only for the known values. */
  readonly usesPatterns: boolean;
  /** Values that must never reach a model, such as the gateway's own token. */
  readonly secrets: readonly Secret[];
}

const REDACTED = "[REDACTED]";
/** Shorter values would blot out ordinary words. */
const SHORTEST_SECRET = 8;

export function createScrubber({ usesPatterns, secrets }: ScrubberOptions): Scrubber {
  const known = secrets.flatMap(writingsOf);
  return {
    scrub(text, more) {
      const values = [...known, ...more.flatMap(writingsOf)].sort((a, b) => b.length - a.length);
      const clean = values.reduce((part, value) => part.replaceAll(value, REDACTED), text);
      return usesPatterns ? scrubPatterns(clean) : clean;
    },
  };
}

/** A value as it is and as it appears in URLs, JSON and base64. */
function writingsOf(secret: Secret): readonly string[] {
  const value = secret.reveal();
  if (value.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(value, "utf8");
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  const inJson = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, encodeURIComponent(value), inJson, base64, bytes.toString("base64url")])];
}

// Every pattern runs in linear time: each repetition has a bound, or eats what would let another match begin inside it.
const VALUE = "[A-Za-z0-9_+/=.~:@!#$%^&*-]{8,}";
const ASSIGN = `["']?\\s{0,5}(?::=|=>|[:=])\\s{0,5}["']?(?:(?:bearer|basic|token)\\s{1,5})?`;

/** Shapes that are credentials as a whole. */
const TOKENS = [
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{36,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{36,}/g,
  /\bA[KS]IA[0-9A-Z]{16,}/g,
  /\b[0-9a-fA-F]{64,}\b/g,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@"'<>]{0,200}:[^\s/?#@"'<>]{1,500}@[^\s"'<>]{1,}/gi,
];

/** A name that says what its value is: the name stays, the value goes. */
const ASSIGNMENTS = [
  new RegExp(
    `((?:api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key|token|secret|password|passwd|authorization)${ASSIGN})(${VALUE})`,
    "gi",
  ),
  /(\bbearer\s{1,5})([A-Za-z0-9_+/=.~-]{16,})/gi,
  new RegExp(
    `(\\b[A-Z][A-Z0-9_]{0,60}(?:KEY|SECRET|TOKEN|PASSWORD|CREDENTIALS|DSN|DATABASE_URL)["']?\\s{0,5}=\\s{0,5}["']?)(${VALUE})`,
    "g",
  ),
  /(\b(?:DSN|DATABASE_URL)["']?\s{0,5}[:=]\s{0,5}["']?)([^\s"']{8,})/g,
];

/** `settings.apiToken`: a reference in code, not a value. Segments of real tokens are longer. */
const REFERENCE = /^[A-Za-z_$][\w$]{0,30}(?:\.[A-Za-z_$][\w$]{0,30}){1,8}$/;

function scrubPatterns(text: string): string {
  const withoutKeys = TOKENS.reduce((part, pattern) => part.replace(pattern, REDACTED), scrubPrivateKeys(text));
  return ASSIGNMENTS.reduce(
    (part, pattern) =>
      part.replace(pattern, (match: string, name: string, value: string, offset: number, whole: string) => {
        const isCode = whole.charAt(offset + match.length) === "(" || REFERENCE.test(value);
        return isCode ? match : name + REDACTED;
      }),
    withoutKeys,
  );
}

const BEGIN_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g;
const END_KEY = /-----END [A-Z ]{0,40}PRIVATE KEY-----/g;

/** PEM blocks; one without an end reaches to the end of the text. */
function scrubPrivateKeys(text: string): string {
  const kept: string[] = [];
  let position = 0;
  for (let begin = findFrom(BEGIN_KEY, text, 0); begin; begin = findFrom(BEGIN_KEY, text, position)) {
    kept.push(text.slice(position, begin.index), REDACTED);
    const end = findFrom(END_KEY, text, begin.index);
    if (!end) return kept.join("");
    position = end.index + end[0].length;
  }
  return kept.length === 0 ? text : kept.join("") + text.slice(position);
}

function findFrom(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  const search = new RegExp(pattern);
  search.lastIndex = from;
  return search.exec(text);
}
