import { createHash, type Hash } from "node:crypto";
import { chmodSync, createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline as connect } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Extract, extract } from "tar-stream";
import { CHECKSUMS } from "#app/backup/write-archive.ts";
import { codeOf } from "#db/errors.ts";

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** The archive is cut off, changed, or not from `goclaw backup`. */
export class BrokenArchive extends Error {
  override readonly name = "BrokenArchive";
}

/**
 * Extracts an archive of `writeArchive` into a new directory. `isExpected` decides about each path. Throws
 * `BrokenArchive` unless all files arrive with the checksums that the archive's end lists.
 */
export async function extractArchive(
  archive: string,
  directory: string,
  isExpected: (path: string) => boolean,
): Promise<void> {
  const entries = extract();
  // A failure to read reaches the loop, because it destroys `entries`.
  connect(createReadStream(archive), entries, () => undefined);
  try {
    await extractAll(entries, directory, isExpected);
  } catch (thrown) {
    // The library's own errors have no code, those of the file system have one.
    if (thrown instanceof BrokenArchive || codeOf(thrown) !== "") throw thrown;
    throw new BrokenArchive("it is no sound tar archive", { cause: thrown });
  }
}

async function extractAll(entries: Extract, directory: string, isExpected: (path: string) => boolean): Promise<void> {
  const checksums: string[] = [];
  let isComplete = false;
  for await (const entry of entries) {
    const { name, type, mode } = entry.header;
    const isLast = name === CHECKSUMS;
    if (type !== "file" || isComplete || !(isLast || isSafe(name, isExpected)))
      throw new BrokenArchive(`unexpected entry ${name}`);
    const checksum = await extractFile(entry, mode, join(directory, name));
    if (!isLast) checksums.push(`${checksum}  ${name}\n`);
    else if (checksum === createHash("sha256").update(checksums.join("")).digest("hex")) isComplete = true;
    else throw new BrokenArchive("checksums differ");
  }
  if (!isComplete) throw new BrokenArchive("no checksums");
}

const isSafe = (path: string, isExpected: (path: string) => boolean): boolean =>
  path.split("/").every((name) => name !== "" && name !== "." && name !== "..") && isExpected(path);

/** Returns the checksum of what it wrote. */
async function extractFile(content: AsyncIterable<unknown>, mode: number, path: string): Promise<string> {
  mkdirSync(dirname(path), { recursive: true, mode: PRIVATE_DIRECTORY });
  const hash = createHash("sha256");
  const target = createWriteStream(path, { flags: "wx", mode: PRIVATE_FILE, flush: true });
  await pipeline(withHash(content, hash), target);
  chmodSync(path, mode & 0o777);
  return hash.digest("hex");
}

async function* withHash(chunks: AsyncIterable<unknown>, hash: Hash): AsyncGenerator<unknown> {
  for await (const chunk of chunks) {
    hash.update(chunk as Uint8Array);
    yield chunk;
  }
}
