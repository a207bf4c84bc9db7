import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { type Pack, pack } from "tar-stream";
import { codeOf } from "#db/errors.ts";

/** The last file of an archive: the SHA-256 of each other file, in the format of `sha256sum`. */
export const CHECKSUMS = "SHA256SUMS";
const CHUNK = 1_024 ** 2;
const PRIVATE_FILE = 0o600;
const SPECIAL_BITS = 0o7000;

/** A file to be archived, and its path in the archive. */
export interface ArchivedFile {
  readonly source: string;
  readonly path: string;
}

/** Writes files into a new tar archive (mode 0600), with their checksums. Returns the number of files. */
export async function writeArchive(archive: string, files: Iterable<ArchivedFile>): Promise<number> {
  const tar = pack();
  // Whichever side fails destroys the other, and the pipeline throws its error.
  const count = appendAll(tar, files).catch((error) => {
    tar.destroy(error);
    return 0;
  });
  await pipeline(tar, createWriteStream(archive, { flags: "wx", mode: PRIVATE_FILE, flush: true }));
  return count;
}

async function appendAll(tar: Pack, files: Iterable<ArchivedFile>): Promise<number> {
  const checksums: string[] = [];
  for (const file of files) {
    const checksum = await appendFile(tar, file);
    if (checksum !== undefined) checksums.push(`${checksum}  ${file.path}\n`);
  }
  tar.entry({ name: CHECKSUMS, mode: PRIVATE_FILE }, checksums.join(""));
  tar.finalize();
  return checksums.length;
}

/** Returns the file's checksum, or undefined if the file was deleted in the meantime. */
async function appendFile(tar: Pack, { source, path }: ArchivedFile): Promise<string | undefined> {
  const file = await open(source).catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
  if (!file) return undefined;
  try {
    const { size, mode, mtime } = await file.stat();
    const hash = createHash("sha256");
    // The mode keeps the bits of the file type, because the library replaces a mode of 0 by its own.
    const header = { name: path, size, mode: mode & ~SPECIAL_BITS, mtime };
    await pipeline(readExactly(file, size, hash), tar.entry(header));
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** Yields as many bytes as the header says. A file that shrinks meanwhile is filled up with zeros. */
async function* readExactly(file: FileHandle, size: number, hash: Hash): AsyncGenerator<Uint8Array> {
  for (let left = size; left > 0; ) {
    const buffer = new Uint8Array(Math.min(CHUNK, left));
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    const bytes = bytesRead > 0 ? buffer.subarray(0, bytesRead) : buffer;
    hash.update(bytes);
    yield bytes;
    left -= bytes.length;
  }
}
