import type { Secret } from "#base/secret.ts";

/** Removes credentials from the results of tools. */
export interface Scrubber {
  /** Replaces credentials in `text`. `secrets` are values to remove in addition to those of `ScrubberOptions`. */
  scrub(text: string, secrets: readonly Secret[]): string;
}

export interface ScrubberOptions {
  /** True if text that is shaped like a credential is removed too, in addition to the known values. */
  readonly usesPatterns: boolean;
  /** Values that must never reach a model, such as the gateway's own token. */
  readonly secrets: readonly Secret[];
}

const REDACTED = "[REDACTED]";
/** Shorter values are not removed, because they could be ordinary words. */
const SHORTEST_SECRET = 8;

export function createScrubber({ usesPatterns, secrets }: ScrubberOptions): Scrubber {
  const known = secrets.flatMap(encodingsOf);
  return {
    scrub(text, extra) {
      const values = [...known, ...extra.flatMap(encodingsOf)].sort((a, b) => b.length - a.length);
      const clean = values.reduce((part, value) => part.replaceAll(value, REDACTED), text);
      return usesPatterns ? scrubPatterns(clean) : clean;
    },
  };
}

/** Returns a value and its encodings in URLs, JSON and base64. */
function encodingsOf(secret: Secret): readonly string[] {
  const value = secret.reveal();
  if (value.length < SHORTEST_SECRET) return [];
  const bytes = Buffer.from(value, "utf8");
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  const inJson = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, encodeURIComponent(value), inJson, base64, bytes.toString("base64url")])];
}

// Every pattern runs in linear time. Each repetition is bounded, or consumes all places where another match could
// begin.
const VALUE = "[A-Za-z0-9_+/=.~:@!#$%^&*-]{8,}";
/** A quote, as it stands in JSON or in JSON within JSON. */
const QUOTE = `\\\\{0,3}["']?`;
const ASSIGN = `${QUOTE}\\s{0,5}(?::=|=>|[:=])\\s{0,5}${QUOTE}(?:(?:bearer|basic|token)\\s{1,5})?`;

interface TokenPattern {
  readonly pattern: RegExp;
  /** Every match has one of these. To look for them first is many times as fast, and most texts have none. */
  readonly marks: readonly string[];
}

/** The services whose keys begin with their own name. */
const NAMES = ["goclaw_", "hf_", "gsk_", "r8_", "npm_", "xai-", "pplx-", "nvapi-", "tvly-", "fw_", "glpat-"];

/** Patterns whose whole match is a credential. */
const TOKENS: readonly TokenPattern[] = [
  { pattern: /\bsk-[A-Za-z0-9_-]{20,}/g, marks: ["sk-"] },
  // Stripe.
  { pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{10,}/g, marks: ["k_live_", "k_test_"] },
  { pattern: new RegExp(`\\b(?:${NAMES.join("|")})[A-Za-z0-9_-]{20,}`, "g"), marks: NAMES },
  // Google: API keys and access tokens.
  { pattern: /\bAIza[A-Za-z0-9_-]{30,}/g, marks: ["AIza"] },
  { pattern: /\bya29\.[A-Za-z0-9_.-]{20,}/g, marks: ["ya29."] },
  { pattern: /\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}/g, marks: ["xox"] },
  { pattern: /\bxapp-[A-Za-z0-9-]{10,}/g, marks: ["xapp-"] },
  // JSON web tokens (RFC 7519).
  {
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{1,})?/g,
    marks: ["eyJ"],
  },
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}/g, marks: ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"] },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{36,}/g, marks: ["github_pat_"] },
  { pattern: /\bA(?:KIA|SIA|IDA|ROA)[0-9A-Z]{16,}/g, marks: ["AKIA", "ASIA", "AIDA", "AROA"] },
  { pattern: /\b[0-9a-fA-F]{64,}\b/g, marks: [""] },
  {
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/?#:@"'<>]{0,200}:[^\s/?#@"'<>]{1,500}@[^\s"'<>]{1,}/gi,
    marks: ["://"],
  },
];

/** Patterns of a name and its value. The name stays and the value is removed. */
const ASSIGNMENTS = [
  new RegExp(
    `((?:api[ _-]?key(?: provided)?|access[_-]?key|secret[_-]?key|private[_-]?key|token|secret|password|(?<!/)passwd|passphrase|authorization)${ASSIGN})(${VALUE})`,
    "gi",
  ),
  /(\bbearer\s{1,5})([A-Za-z0-9_+/=.~-]{16,})/gi,
  new RegExp(
    `(\\b[A-Z][A-Z0-9_]{0,60}(?:KEY|SECRET|TOKEN|PASSWORD|CREDENTIALS|DSN|DATABASE_URL)["']?\\s{0,5}=\\s{0,5}["']?)(${VALUE})`,
    "g",
  ),
  /(\b(?:DSN|DATABASE_URL)["']?\s{0,5}[:=]\s{0,5}["']?)([^\s"']{8,})/g,
];

/** A reference in code, such as `settings.apiToken`, is no value. The segments of real tokens are longer. */
const REFERENCE = /^[A-Za-z_$][\w$]{0,30}(?:\.[A-Za-z_$][\w$]{0,30}){1,8}$/;

function scrubPatterns(text: string): string {
  const withoutKeys = TOKENS.reduce(
    (part, { pattern, marks }) => (marks.some((mark) => part.includes(mark)) ? part.replace(pattern, REDACTED) : part),
    scrubPrivateKeys(text),
  );
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

/** Removes PEM blocks. A block without an end reaches to the end of the text. */
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
