import { crc32 } from "node:zlib";
import { headOf } from "#base/texts/cut-text.ts";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

const UTF8_FLAG = 0x800;
/** The extra field in which Info-ZIP repeats a name in UTF-8. */
const UNICODE_PATH = 0x7075;
const UNICODE_PATH_HEADER = 5;

const MAX_NAME_BYTES = 200;
const MAX_PATH_BYTES = 800;
/** The deepest path that the file tools of agents can read. */
const MAX_DEPTH = 20;

export interface RawName {
  readonly bytes: Buffer;
  readonly flags: number;
  readonly extraFields: readonly { readonly id: number; readonly data: Buffer }[];
}

/**
 * Returns the name of an entry. Names without the UTF-8 flag are UTF-8 too if they are valid, because macOS omits the
 * flag. Throws `ArchiveRefusal` for a name whose encoding is unknown or has two readings.
 */
export function decodeName({ bytes, flags, extraFields }: RawName): string {
  const name = decodeUtf8(bytes);
  const unicode = extraFields.find(({ id }) => id === UNICODE_PATH)?.data;
  if (unicode === undefined) {
    if (name === undefined) throw new ArchiveRefusal("bad_encoding", show(bytes.toString("latin1")));
    return name;
  }
  const isCurrent = unicode.length > UNICODE_PATH_HEADER && unicode.readUInt32LE(1) === crc32(bytes);
  const other = isCurrent ? decodeUtf8(unicode.subarray(UNICODE_PATH_HEADER)) : undefined;
  const hasOneReading = other !== undefined && (name === other || (name === undefined && (flags & UTF8_FLAG) === 0));
  if (!hasOneReading) throw new ArchiveRefusal("bad_encoding", show(name ?? bytes.toString("latin1")));
  return other;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const show = (name: string): string => headOf(JSON.stringify(name), 120);

/** Control characters, and those that change the direction in which a name is shown. */
const HIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Splits the name of an entry into its parts. Throws `ArchiveRefusal` unless it stays below its folder on every system. */
export function splitName(name: string): readonly string[] {
  const refuse = (fault: ConstructorParameters<typeof ArchiveRefusal>[0]) => new ArchiveRefusal(fault, show(name));
  if (name.includes("\\")) throw refuse("backslash");
  if (name.startsWith("/")) throw refuse("absolute_path");
  if (name.includes(":")) throw refuse("drive_path");
  if (HIDDEN.test(name)) throw refuse("bad_name");
  const parts = (name.endsWith("/") ? name.slice(0, -1) : name).split("/");
  if (parts.some((part) => part === ".." || part === ".")) throw refuse("traversal");
  // Windows drops dots and spaces at the end of a name, so that two names become one.
  if (parts.some((part) => part === "" || /[. ]$/.test(part))) throw refuse("bad_name");
  if (parts.length > MAX_DEPTH) throw refuse("too_deep");
  const isLong = (part: string) => Buffer.byteLength(part) > MAX_NAME_BYTES;
  if (parts.some(isLong) || Buffer.byteLength(name) > MAX_PATH_BYTES) throw refuse("name_too_long");
  return parts;
}
