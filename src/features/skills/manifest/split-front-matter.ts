import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

export interface SplitSkillFile {
  /** The text between the marks, with plain line ends. Undefined if the file has no front matter. */
  readonly frontMatter: string | undefined;
  /** The instructions, with plain line ends. */
  readonly body: string;
}

const OPENING = /^---[ \t]*$/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/;

/** Splits SKILL.md. Throws `ArchiveRefusal` if the front matter does not end. */
export function splitFrontMatter(text: string): SplitSkillFile {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  const first = lines.findIndex((line) => line.trim() !== "");
  if (!OPENING.test(lines[first] ?? "")) return { frontMatter: undefined, body: lines.join("\n") };
  const last = lines.findIndex((line, index) => index > first && CLOSING.test(line));
  if (last === -1) throw new ArchiveRefusal("front_matter", "the closing --- is missing");
  return { frontMatter: lines.slice(first + 1, last).join("\n"), body: lines.slice(last + 1).join("\n") };
}
