import { createHash } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { BLOCK, paddingOf, parseHeader, parseRecords, type TarEntry } from "#app/backup/tar-header.ts";
import { CHECKSUMS } from "#app/backup/write-archive.ts";

const CHUNK = 1_024 ** 2;
const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
const MAX_RECORDS = 64 * 1_024;

/** The archive is cut off, changed, or not from `goclaw backup`. */
export class BrokenArchive extends Error {
  override readonly name = "BrokenArchive";
}

/**
 * Extracts an archive of `writeArchive` into a new directory. `isExpected` decides about each path. Throws
 * `BrokenArchive` unless all files arrive with the checksums that the archive's end lists.
 */
export function extractArchive(archive: string, directory: string, isExpected: (path: string) => boolean): void {
  const source = openSync(archive, "r");
  try {
    const checksums: string[] = [];
    for (let entry = readEntry(source); entry; entry = readEntry(source)) {
      const isLast = entry.path === CHECKSUMS;
      if (!isLast && !isSafe(entry.path, isExpected)) throw new BrokenArchive(`unexpected file ${entry.path}`);
      const checksum = extractFile(source, entry, join(directory, entry.path));
      if (!isLast) checksums.push(`${checksum}  ${entry.path}\n`);
      else if (readFileSync(join(directory, CHECKSUMS), "utf8") === checksums.join("")) return;
      else throw new BrokenArchive("checksums differ");
    }
    throw new BrokenArchive("no checksums");
  } finally {
    closeSync(source);
  }
}

const isSafe = (path: string, isExpected: (path: string) => boolean): boolean =>
  path.split("/").every((name) => name !== "" && name !== "." && name !== "..") && isExpected(path);

/** Returns undefined at the end of the archive. */
function readEntry(source: number): TarEntry | undefined {
  const header = parseHeader(readExactly(source, BLOCK));
  if (!header) throw new BrokenArchive("unknown header");
  if (header.kind === "end") return undefined;
  if (header.kind === "file") return header.entry;
  if (header.size > MAX_RECORDS) throw new BrokenArchive("unknown header");
  const records = parseRecords(readExactly(source, header.size).toString());
  readExactly(source, paddingOf(header.size));
  const next = parseHeader(readExactly(source, BLOCK));
  if (!records || next?.kind !== "file") throw new BrokenArchive("unknown header");
  return { ...next.entry, ...records };
}

function extractFile(source: number, { size, mode }: TarEntry, path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
  const target = openSync(path, "wx", PRIVATE_FILE);
  try {
    fchmodSync(target, mode & 0o777);
    const hash = createHash("sha256");
    for (let left = size; left > 0; ) {
      const bytes = readExactly(source, Math.min(left, CHUNK));
      hash.update(bytes);
      for (let written = 0; written < bytes.length; ) written += writeSync(target, bytes, written);
      left -= bytes.length;
    }
    readExactly(source, paddingOf(size));
    fsyncSync(target);
    return hash.digest("hex");
  } finally {
    closeSync(target);
  }
}

function readExactly(source: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length; ) {
    const count = readSync(source, bytes, read, length - read, null);
    if (count === 0) throw new BrokenArchive("it ends too early");
    read += count;
  }
  return bytes;
}
