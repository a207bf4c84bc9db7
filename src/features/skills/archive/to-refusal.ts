import { type ArchiveFault, ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

/** What the ZIP library and the decompressor say, and what it means. */
const MEANINGS: readonly (readonly [RegExp, ArchiveFault])[] = [
  [/^End of central directory record signature not found/, "not_a_zip"],
  [/^Invalid comment length/, "foreign_data"],
  [/zip64/i, "zip64"],
  [/^strong encryption/, "encrypted"],
  [/size mismatch|too many bytes|not enough bytes/, "wrong_size"],
  [/^invalid local file header signature/, "header_mismatch"],
];

/** Returns what is wrong with an archive. Faults of the machine, such as a full disk, stay what they are. */
export function toRefusal(thrown: unknown): unknown {
  if (thrown instanceof ArchiveRefusal || !(thrown instanceof Error)) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return thrown;
  const [, fault = "damaged"] = MEANINGS.find(([words]) => words.test(thrown.message)) ?? [];
  return new ArchiveRefusal(fault, "");
}
