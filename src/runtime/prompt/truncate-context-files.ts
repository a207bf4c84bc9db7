import { LIMITS } from "#base/limits.ts";
import { headOf, tailOf } from "#base/texts/cut-text.ts";

/** A file that describes an agent's identity or way of working. */
export interface ContextFile {
  readonly name: string;
  readonly content: string;
}

const HEAD_SHARE = 0.7;
const TAIL_SHARE = 0.2;
/** The minimum of characters for a useful excerpt of a file. */
const LEAST_CHARS = 64;

/**
 * Truncates context files to their limits, per file and in total, for the system prompt. A file that is too long keeps
 * its beginning and its end. A file without room is listed by name and size only.
 */
export function truncateContextFiles(files: readonly ContextFile[]): readonly ContextFile[] {
  const kept: ContextFile[] = [];
  let remaining = LIMITS.contextFilesChars;
  for (const { name, content } of files) {
    const text = content.trim();
    if (text === "") continue;
    const room = Math.min(remaining, LIMITS.contextFileChars);
    const shown = room < LEAST_CHARS ? `[left out: ${text.length} characters]` : truncate(name, text, room);
    kept.push({ name, content: shown });
    remaining -= Math.min(text.length, room);
  }
  return kept;
}

function truncate(name: string, text: string, room: number): string {
  if (text.length <= room) return text;
  const head = headOf(text, Math.floor(room * HEAD_SHARE));
  const tail = tailOf(text, Math.floor(room * TAIL_SHARE));
  return `${head}\n[… ${name} is cut here: ${text.length - head.length - tail.length} of its ${text.length} characters are left out …]\n${tail}`;
}
