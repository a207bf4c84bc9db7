import type { Entry, LocalFileHeader, ZipFile } from "yauzl";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

/** The bytes of an archive that belong to one entry: its own header, its data, and what follows the data. */
export interface Extent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const DESCRIPTOR_FLAG = 0x0008;
/** Flags that change how an entry is read: encryption, descriptor, encoding of the name, masked headers. */
const READING_FLAGS = 0x0001 | DESCRIPTOR_FLAG | 0x0800 | 0x2000;
const DESCRIPTOR_SIGNATURE = 0x0807_4b50;
const DESCRIPTOR_BYTES = 12;
const ZIP64_EXTRA = 0x0001;
const ZIP64_LOCATOR = 0x0706_4b50;
const ZIP64_LOCATOR_BYTES = 20;
const END_BYTES = 22;

interface Source {
  readonly bytes: Buffer;
  readonly name: string;
}

/**
 * Returns the extent of an entry. Its own header must say what the directory says, because programs differ in which one
 * they believe. Throws `ArchiveRefusal`.
 */
export async function measureEntry(zip: ZipFile, entry: Entry, { bytes, name }: Source): Promise<Extent> {
  const header = await zip.readLocalFileHeaderPromise(entry);
  requireSame(header, entry, name);
  const dataEnd = header.fileDataStart + entry.compressedSize;
  const isFollowed = (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0;
  const end = dataEnd + (isFollowed ? descriptorBytes(bytes, dataEnd, entry, name) : 0);
  return { name, start: entry.relativeOffsetOfLocalHeader, end };
}

function requireSame(header: LocalFileHeader, entry: Entry, name: string): void {
  if (hasExtra(header.extraField, ZIP64_EXTRA)) throw new ArchiveRefusal("zip64", name);
  const factsOf = ({ crc32, compressedSize, uncompressedSize }: Facts) => [crc32, compressedSize, uncompressedSize];
  const isFollowed = (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0;
  const stated = factsOf(header);
  const hasSameFacts = factsOf(entry).every(
    (fact, index) => fact === stated[index] || (isFollowed && stated[index] === 0),
  );
  const isSame =
    header.fileName.equals(entry.fileNameRaw) &&
    header.compressionMethod === entry.compressionMethod &&
    (header.generalPurposeBitFlag & READING_FLAGS) === (entry.generalPurposeBitFlag & READING_FLAGS) &&
    hasSameFacts;
  if (!isSame) throw new ArchiveRefusal("header_mismatch", name);
}

type Facts = Pick<Entry, "crc32" | "compressedSize" | "uncompressedSize">;

function hasExtra(extra: Buffer, wanted: number): boolean {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === wanted) return true;
  }
  return false;
}

/** Returns the size of the descriptor after the data, which repeats the facts of the entry. Its signature is optional. */
function descriptorBytes(bytes: Buffer, at: number, entry: Facts, name: string): number {
  const facts = [entry.crc32, entry.compressedSize, entry.uncompressedSize];
  const repeats = (from: number) =>
    from + DESCRIPTOR_BYTES <= bytes.length &&
    facts.every((fact, index) => bytes.readUInt32LE(from + index * 4) === fact);
  const hasSignature = at + 4 <= bytes.length && bytes.readUInt32LE(at) === DESCRIPTOR_SIGNATURE;
  if (hasSignature && repeats(at + 4)) return DESCRIPTOR_BYTES + 4;
  if (repeats(at)) return DESCRIPTOR_BYTES;
  throw new ArchiveRefusal("header_mismatch", name);
}

/**
 * Throws `ArchiveRefusal` unless the entries, the directory and the end record fill the archive without gap and overlap.
 * Bytes that belong to none of them may be another archive, which another program would read.
 */
export function requireSeamless(zip: ZipFile, bytes: Buffer, extents: readonly Extent[]): void {
  // Comments come undecoded, as bytes.
  const end = bytes.length - END_BYTES - zip.comment.length;
  const directorySize = bytes.readUInt32LE(end + 12);
  const directoryStart = bytes.readUInt32LE(end + 16);
  const hasLocator = end >= ZIP64_LOCATOR_BYTES && bytes.readUInt32LE(end - ZIP64_LOCATOR_BYTES) === ZIP64_LOCATOR;
  if (hasLocator) throw new ArchiveRefusal("zip64");
  if (bytes.readUInt16LE(end + 8) !== bytes.readUInt16LE(end + 10)) throw new ArchiveRefusal("damaged");
  if (directoryStart + directorySize !== end || Number(zip.readEntryCursor) !== end)
    throw new ArchiveRefusal("foreign_data");
  let position = 0;
  for (const { name, start, end: next } of extents.toSorted((a, b) => a.start - b.start)) {
    if (start < position) throw new ArchiveRefusal("overlap", name);
    if (start > position) throw new ArchiveRefusal("foreign_data", name);
    position = next;
  }
  if (position > directoryStart) throw new ArchiveRefusal("overlap");
  if (position < directoryStart) throw new ArchiveRefusal("foreign_data");
}
