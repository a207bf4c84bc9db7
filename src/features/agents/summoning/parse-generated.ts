import { LIMITS } from "#base/limits.ts";
import { headOf } from "#base/texts/cut-text.ts";
import { GENERATED_FILES, type GeneratedFile } from "#features/agents/summoning/summon-question.ts";

/** What a model wrote about an agent. */
export interface Generated {
  readonly files: ReadonlyMap<GeneratedFile, string>;
  /** Undefined if the model wrote none. */
  readonly frontmatter: string | undefined;
}

const FRONTMATTER_CHARS = 1_000;
// The quantifiers are bounded, because a model may repeat the beginning of a tag without end.
const FILE = /<file\s{1,8}name\s{0,8}=\s{0,8}["']?([^"'<>]{1,100})["']?\s{0,8}>/gi;
const FRONTMATTER = /<frontmatter\s{0,8}>/gi;
/** A code fence that a model puts around a whole file. */
const FENCE = /^```\w*\n([\s\S]*?)\n?```$/;

/** Reads the tags of an answer. Text around them, files of other names and empty files are ignored. */
export function parseGenerated(answer: string): Generated {
  const files = new Map<GeneratedFile, string>();
  for (const { written, content } of readTags(answer, FILE, /<\/file/gi)) {
    const name = GENERATED_FILES.find((known) => known.toLowerCase() === written.trim().toLowerCase());
    const text = headOf(content.replace(FENCE, "$1").trim(), LIMITS.contextFileChars);
    if (name !== undefined && text !== "") files.set(name, `${text}\n`);
  }
  const [frontmatter] = readTags(answer, FRONTMATTER, /<\/frontmatter/gi);
  return { files, frontmatter: frontmatter?.content ? headOf(frontmatter.content, FRONTMATTER_CHARS) : undefined };
}

/** Returns what stands between an opening and the next closing tag, and the name in the opening one. */
function* readTags(answer: string, opening: RegExp, closing: RegExp) {
  let read = 0;
  for (const match of answer.matchAll(opening)) {
    if (match.index < read) continue;
    const from = match.index + match[0].length;
    closing.lastIndex = from;
    const to = closing.exec(answer)?.index;
    if (to === undefined) return;
    yield { written: match[1] ?? "", content: answer.slice(from, to).trim() };
    read = to;
  }
}
