import { createHash } from "node:crypto";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { BLOCK, paddingOf, type TarEntry, toHeader } from "#app/backup/tar-header.ts";
import { codeOf } from "#db/errors.ts";

/** The last file of an archive: the SHA-256 of each other file, in the format of `sha256sum`. */
export const CHECKSUMS = "SHA256SUMS";
const CHUNK = 1_024 ** 2;
const PRIVATE_FILE = 0o600;

/** A file to be archived, and its path in the archive. */
export interface ArchivedFile {
  readonly source: string;
  readonly path: string;
}

/** Writes files into a new tar archive (mode 0600), with their checksums. Returns the number of files. */
export function writeArchive(archive: string, files: Iterable<ArchivedFile>): number {
  const target = openSync(archive, "wx", PRIVATE_FILE);
  try {
    const checksums: string[] = [];
    for (const file of files) {
      const checksum = appendFile(target, file);
      if (checksum !== undefined) checksums.push(`${checksum}  ${file.path}\n`);
    }
    const text = Buffer.from(checksums.join(""));
    writeAll(target, toHeader({ path: CHECKSUMS, size: text.length, mode: PRIVATE_FILE }));
    writeAll(target, text);
    writeAll(target, new Uint8Array(paddingOf(text.length) + 2 * BLOCK));
    fsyncSync(target);
    return checksums.length;
  } finally {
    closeSync(target);
  }
}

/** Returns the file's checksum, or undefined if the file was deleted in the meantime. */
function appendFile(target: number, { source, path }: ArchivedFile): string | undefined {
  let file: number;
  try {
    file = openSync(source, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    const { size, mode } = fstatSync(file);
    return appendContent(target, file, { path, size, mode: mode & 0o777 });
  } finally {
    closeSync(file);
  }
}

/** Appends as many bytes as the header says. A file that shrinks meanwhile is filled up with zeros. */
function appendContent(target: number, file: number, entry: TarEntry): string {
  writeAll(target, toHeader(entry));
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(Math.min(CHUNK, entry.size));
  for (let left = entry.size; left > 0; ) {
    const length = Math.min(left, buffer.length);
    const count = readSync(file, buffer, 0, length, null);
    const bytes = count > 0 ? buffer.subarray(0, count) : buffer.fill(0).subarray(0, length);
    hash.update(bytes);
    writeAll(target, bytes);
    left -= bytes.length;
  }
  writeAll(target, new Uint8Array(paddingOf(entry.size)));
  return hash.digest("hex");
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}
