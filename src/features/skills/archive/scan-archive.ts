import type { Entry, ZipFile } from "yauzl";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import { decodeName, splitName } from "#features/skills/archive/decode-name.ts";
import { isJunk } from "#features/skills/archive/is-junk.ts";
import { NameRegister } from "#features/skills/archive/name-register.ts";
import { requirePlain } from "#features/skills/archive/require-plain.ts";
import { measureEntry, requireSeamless } from "#features/skills/archive/require-seamless.ts";

export interface ArchiveLimits {
  readonly maxEntries: number;
  /** The most bytes that all files have together when they are unpacked. */
  readonly maxUnpackedBytes: number;
}

/** A file in an archive. */
export interface Member {
  readonly entry: Entry;
  readonly parts: readonly string[];
}

/** More than text compresses to. Smaller files may be anything, because they cost nothing. */
const MAX_RATIO = 200;
const RATIO_FROM_BYTES = 1_048_576;

/**
 * Reads the directory of an archive and checks all of it before anything is unpacked. Returns the files that are no
 * junk. Throws `ArchiveRefusal`.
 */
export async function scanArchive(zip: ZipFile, bytes: Buffer, limits: ArchiveLimits): Promise<readonly Member[]> {
  if (zip.entryCount > limits.maxEntries) throw new ArchiveRefusal("too_many_entries", String(zip.entryCount));
  const names = new NameRegister();
  const members: Member[] = [];
  const extents = [];
  let unpackedBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileNameRaw, generalPurposeBitFlag: flags, extraFields } = entry;
    const name = decodeName({ bytes: fileNameRaw, flags, extraFields });
    const parts = splitName(name);
    const isFolder = name.endsWith("/");
    requirePlain(entry, name, isFolder);
    names.add(parts, isFolder);
    unpackedBytes += entry.uncompressedSize;
    requireSmall(entry, name, unpackedBytes, limits);
    extents.push(await measureEntry(zip, entry, { bytes, name }));
    if (!isFolder && !isJunk(parts)) members.push({ entry, parts });
  }
  requireSeamless(zip, bytes, extents);
  return members;
}

function requireSmall(entry: Entry, name: string, unpackedBytes: number, { maxUnpackedBytes }: ArchiveLimits): void {
  if (unpackedBytes > maxUnpackedBytes) throw new ArchiveRefusal("too_large", name);
  const { compressedSize, uncompressedSize } = entry;
  if (uncompressedSize > RATIO_FROM_BYTES && uncompressedSize > compressedSize * MAX_RATIO) {
    throw new ArchiveRefusal("ratio", name);
  }
}
