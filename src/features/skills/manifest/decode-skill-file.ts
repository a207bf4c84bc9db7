import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

/** Decodes SKILL.md. A byte order mark is skipped. Throws `ArchiveRefusal` for text that is not UTF-8. */
export function decodeSkillFile(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.trim() === "") throw new ArchiveRefusal("empty_skill_file");
    if (!text.includes("\0")) return text;
  } catch (thrown) {
    if (thrown instanceof ArchiveRefusal) throw thrown;
  }
  throw new ArchiveRefusal("skill_file_encoding");
}
