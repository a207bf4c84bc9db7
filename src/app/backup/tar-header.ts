/** The size of a block, to which headers and files are padded. */
export const BLOCK = 512;

/** One file of an archive. */
export interface TarEntry {
  /** Relative, with slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
}

const NAME = { offset: 0, length: 100 };
const MODE = { offset: 100, length: 8 };
const SIZE = { offset: 124, length: 12 };
const CHECKSUM = { offset: 148, length: 8 };
const TYPE_OFFSET = 156;
const MAGIC_OFFSET = 257;
const MAGIC = "ustar\x0000";
const MAX_OCTAL_SIZE = 8 ** 11 - 1;
const REGULAR_FILE = "0";
const EXTENDED_HEADER = "x";

export const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/**
 * Returns the header blocks of a file in POSIX' pax format. A long path or a large size stands in an extended header.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_01
 */
export function toHeader(entry: TarEntry): Uint8Array {
  const isLong = Buffer.byteLength(entry.path) > NAME.length;
  const isLarge = entry.size > MAX_OCTAL_SIZE;
  if (!isLong && !isLarge) return toBlock(entry, REGULAR_FILE);
  const records = Buffer.from(`${toRecord("path", entry.path)}${toRecord("size", String(entry.size))}`);
  const extended = { path: "extended-header", size: records.length, mode: entry.mode };
  const short = { ...entry, path: "long-path", size: isLarge ? 0 : entry.size };
  const padding = new Uint8Array(paddingOf(records.length));
  return Buffer.concat([toBlock(extended, EXTENDED_HEADER), records, padding, toBlock(short, REGULAR_FILE)]);
}

function toBlock({ path, size, mode }: TarEntry, type: string): Uint8Array {
  const block = Buffer.alloc(BLOCK);
  block.write(path, NAME.offset, NAME.length);
  writeOctal(block, MODE, mode);
  writeOctal(block, SIZE, size);
  block.write(type, TYPE_OFFSET, "latin1");
  block.write(MAGIC, MAGIC_OFFSET, "latin1");
  writeOctal(block, CHECKSUM, checksumOf(block));
  return block;
}

interface Field {
  readonly offset: number;
  readonly length: number;
}

const writeOctal = (block: Buffer, { offset, length }: Field, value: number): void =>
  void block.write(value.toString(8).padStart(length - 1, "0"), offset, "latin1");

const readText = (block: Buffer, { offset, length }: Field): string =>
  block
    .subarray(offset, offset + length)
    .toString()
    .split("\0")[0] ?? "";

/** Sums up the bytes of a header, with the checksum itself counted as spaces. */
const checksumOf = (block: Buffer): number =>
  block.reduce((sum, byte, index) => sum + (isOfChecksum(index) ? 0x20 : byte), 0);

const isOfChecksum = (index: number) => index >= CHECKSUM.offset && index < CHECKSUM.offset + CHECKSUM.length;

/** A record is its own length in bytes, a space, a name, `=`, a value and a line feed. */
function toRecord(name: string, value: string): string {
  const rest = ` ${name}=${value}\n`;
  const length = Buffer.byteLength(rest);
  const digits = String(length + String(length).length).length;
  return `${length + digits}${rest}`;
}

/** A header block as it was read. */
export type ReadHeader =
  | { readonly kind: "end" }
  | { readonly kind: "extended"; readonly size: number }
  | { readonly kind: "file"; readonly entry: TarEntry };

/** Parses a header block. Returns undefined for one that this code does not write. */
export function parseHeader(block: Buffer): ReadHeader | undefined {
  if (block.every((byte) => byte === 0)) return { kind: "end" };
  const [mode, size, checksum] = [MODE, SIZE, CHECKSUM].map((field) => Number.parseInt(readText(block, field), 8));
  if (mode === undefined || size === undefined || !Number.isSafeInteger(size)) return undefined;
  if (checksum !== checksumOf(block)) return undefined;
  const type = String.fromCharCode(block[TYPE_OFFSET] ?? 0);
  if (type === EXTENDED_HEADER) return { kind: "extended", size };
  return type === REGULAR_FILE ? { kind: "file", entry: { path: readText(block, NAME), size, mode } } : undefined;
}

/** Returns the path and the size in the records of an extended header. */
export function parseRecords(text: string): Pick<TarEntry, "path" | "size"> | undefined {
  const match = /^\d+ path=([^\n]+)\n\d+ size=(\d{1,15})\n$/.exec(text);
  return match?.[1] && match[2] ? { path: match[1], size: Number(match[2]) } : undefined;
}
