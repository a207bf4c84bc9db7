import { headOf, tailOf } from "#base/cut-text.ts";
import { LIMITS } from "#base/limits.ts";

/** A file that says who an agent is or how it works. */
export interface ContextFile {
  readonly name: string;
  readonly content: string;
}

const HEAD_SHARE = 0.7;
const TAIL_SHARE = 0.2;
/** Less of a file than this says nothing. */
const LEAST_CHARS = 64;

/**
 * The files that stand in the system prompt, each and all together within their limits. Of a file that is too long the
 * beginning and the end stay; files for which no room is left are named, so that the agent knows of them.
 */
export function truncateContextFiles(files: readonly ContextFile[]): readonly ContextFile[] {
  const kept: ContextFile[] = [];
  let left = LIMITS.contextFilesChars;
  for (const { name, content } of files) {
    const text = content.trim();
    if (text === "") continue;
    const room = Math.min(left, LIMITS.contextFileChars);
    const shown = room < LEAST_CHARS ? `[left out: ${text.length} characters]` : truncate(name, text, room);
    kept.push({ name, content: shown });
    left -= Math.min(text.length, room);
  }
  return kept;
}

function truncate(name: string, text: string, room: number): string {
  if (text.length <= room) return text;
  const head = headOf(text, Math.floor(room * HEAD_SHARE));
  const tail = tailOf(text, Math.floor(room * TAIL_SHARE));
  return `${head}\n[… ${name} is cut here: ${text.length - head.length - tail.length} of its ${text.length} characters are left out …]\n${tail}`;
}
