import type { Entry } from "yauzl";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";

const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
const STORED = 0;
const DEFLATED = 8;
const ZIP64_EXTRA = 0x0001;
const ZIP64_SIZE = 0xffff_ffff;
/** An extra field of Unix programs. After its fixed part it names the target of a link, or a device. */
const UNIX_EXTRA = 0x000d;
const UNIX_EXTRA_FIXED = 12;
const MODE_SHIFT = 16;
const FILE_TYPE = 0o170000;
const TYPES = { unknown: 0, folder: 0o040000, file: 0o100000, link: 0o120000 } as const;
const WINDOWS_LINK = 0x400;

/** Throws `ArchiveRefusal` unless the entry is a plain file or a folder, stored in a way that every program reads. */
export function requirePlain(entry: Entry, name: string, isFolder: boolean): void {
  const refuse = (fault: ConstructorParameters<typeof ArchiveRefusal>[0]) => new ArchiveRefusal(fault, name);
  const {
    compressionMethod,
    externalFileAttributes: attributes,
    extraFields,
    compressedSize,
    uncompressedSize,
  } = entry;
  if ((entry.generalPurposeBitFlag & ENCRYPTED_FLAGS) !== 0) throw refuse("encrypted");
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) throw refuse("unsupported_method");
  const hasZip64 = extraFields.some(({ id }) => id === ZIP64_EXTRA);
  if (hasZip64 || compressedSize >= ZIP64_SIZE || uncompressedSize >= ZIP64_SIZE) throw refuse("zip64");

  const type = (attributes >>> MODE_SHIFT) & FILE_TYPE;
  const isLink = type === TYPES.link || (type === TYPES.unknown && (attributes & WINDOWS_LINK) !== 0);
  const hasTarget = extraFields.some(({ id, data }) => id === UNIX_EXTRA && data.length > UNIX_EXTRA_FIXED);
  if (isLink || hasTarget) throw refuse("link");
  if (type !== TYPES.unknown && type !== (isFolder ? TYPES.folder : TYPES.file)) throw refuse("device");
  if (isFolder && (compressedSize > 2 || uncompressedSize > 0)) throw refuse("damaged");
}
