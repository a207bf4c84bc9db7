/** A line of SKILL.md that tells an agent to do harm. */
export interface Danger {
  /** Counted from 1. */
  readonly line: number;
  readonly rule: string;
}

const MAX_DANGERS = 20;
/** A longer line is looked at in part. No instruction for a command is that long. */
const MAX_LINE_CHARS = 2_000;

const RULES: readonly (readonly [rule: string, pattern: RegExp])[] = [
  ["deletes everything", /\brm\s+(?:-\w+\s+|--\w[\w-]*\s+){1,4}["']?(?:\/|(?:~|\$HOME)\/?)["']?(?:\*|\s|$|[`;&|)])/],
  ["fork bomb", /:\s?\(\s?\)\s?\{\s?:\s?\|\s?:/],
  ["writes to a device", /\bdd\b.{0,200}\bof=\/dev\/|>\s?\/dev\/(?:sd|nvme|vd|hd)/],
  ["formats a disk", /\bmkfs(?:\.\w+)?\b/],
  ["shreds files", /\bshred\s+-/],
  ["runs hidden code", /\bbase64\s+(?:-d|-D|--decode)\b.{0,200}\|\s?(?:sudo\s+)?(?:ba|z|da)?sh\b/],
  ["runs hidden code", /\beval\s+["']?\$\(|\beval\b.{0,80}\bbase64\b|\beval\s+["']?`/],
  ["runs code from the web", /\b(?:curl|wget)\b.{0,400}\|\s?(?:sudo\s+)?(?:(?:ba|z|da)?sh|python3?|node|perl|ruby)\b/],
  ["runs hidden code", /\bpython3?\s+-c\b.{0,200}\bexec\s?\(|__import__\s?\(\s?["']os["']/],
  ["reads passwords", /\/etc\/(?:passwd|shadow)\b|\.ssh\/id_[a-z0-9]+/],
  ["reads credentials", /\bAWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN)\b|\bGOCLAW_(?:GATEWAY_TOKEN|ENCRYPTION_KEY)\b/],
  [
    "sends the environment away",
    /\b(?:env|printenv)\b\s?\|.{0,200}\b(?:curl|wget|nc)\b|\bcurl\b.{0,200}\$\((?:env|printenv)/,
  ],
  ["leaves its folder", /(?:\.\.\/){3}/],
  ["drops a database", /\b(?:drop|truncate)\s+table\b|\bdrop\s+database\b/i],
  ["becomes root", /(?:^|[\s`;&|(])sudo\s/],
  ["opens files to everybody", /\bchmod\s+(?:-R\s+)?(?:0?777|[ao]\+\w*w)/],
  ["gives files to root", /\bchown\s+(?:-R\s+)?root\b/],
];

/** Returns the lines of SKILL.md that nobody should follow, each with the first rule that it breaks. */
export function findDangers(text: string): readonly Danger[] {
  const dangers: Danger[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const shown = line.slice(0, MAX_LINE_CHARS);
    const [rule] = RULES.find(([, pattern]) => pattern.test(shown)) ?? [];
    if (rule !== undefined) dangers.push({ line: index + 1, rule });
    if (dangers.length === MAX_DANGERS) break;
  }
  return dangers;
}
