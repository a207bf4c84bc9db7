import { createHash } from "node:crypto";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import type { ZipFile } from "yauzl";
import { ArchiveRefusal } from "#features/skills/archive/archive-fault.ts";
import { findLayout, type SkillMember } from "#features/skills/archive/find-layout.ts";
import { type ArchiveLimits, scanArchive } from "#features/skills/archive/scan-archive.ts";
import { toRefusal } from "#features/skills/archive/to-refusal.ts";
import { decodeSkillFile } from "#features/skills/manifest/decode-skill-file.ts";
import { parseSkillFile, type SkillManifest } from "#features/skills/manifest/parse-skill-file.ts";

export interface UnpackJob {
  /** Its bytes, or the path of its file. */
  readonly archive: ArrayBuffer | string;
  /** A new directory, which gets the skill's files. After a refusal it does not exist. */
  readonly directory: string;
  readonly limits: ArchiveLimits & { readonly maxSkillFileBytes: number };
}

/** A file of a skill, by its path below the skill's folder. */
export interface SkillFile {
  readonly path: string;
  readonly size: number;
}

export interface UnpackedSkill {
  /** Sorted by path. */
  readonly files: readonly SkillFile[];
  /** The SHA-256 over the paths and contents of all files. */
  readonly hash: string;
  readonly manifest: SkillManifest;
}

/** Checks an archive and unpacks its skill. Throws `ArchiveRefusal`, and then leaves no file behind. */
export async function unpackArchive({ archive, directory, limits }: UnpackJob): Promise<UnpackedSkill> {
  try {
    const bytes = typeof archive === "string" ? await readFile(archive) : Buffer.from(archive);
    const yauzl = await import("yauzl");
    const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false });
    const { folder, members, skillFile } = findLayout(await scanArchive(zip, bytes, limits));
    const { uncompressedSize } = skillFile.entry;
    if (uncompressedSize === 0) throw new ArchiveRefusal("empty_skill_file");
    if (uncompressedSize > limits.maxSkillFileBytes) {
      throw new ArchiveRefusal("skill_file_too_large", String(limits.maxSkillFileBytes));
    }

    await mkdir(directory, { recursive: true, mode: FOLDER_MODE });
    const hash = createHash("sha256");
    for (const member of members)
      hash.update(`${JSON.stringify(member.path)} ${await unpack(zip, member, directory)}\n`);
    const text = decodeSkillFile(await readFile(join(directory, skillFile.path)));
    const manifest = parseSkillFile(text, folder);
    const files = members.map(({ path, entry }) => ({ path, size: entry.uncompressedSize }));
    return { files, hash: hash.digest("hex"), manifest };
  } catch (thrown) {
    await rm(directory, { recursive: true, force: true });
    throw toRefusal(thrown);
  }
}

const FOLDER_MODE = 0o755;
/** Whatever the archive says: no file is a program, and none runs as somebody else. */
const FILE_MODE = 0o644;

/** Writes one file and returns its SHA-256. */
async function unpack(zip: ZipFile, { entry, path }: SkillMember, directory: string): Promise<string> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true, mode: FOLDER_MODE });
  const hash = createHash("sha256");
  let checksum = 0;
  let size = 0;
  const file = await open(target, "wx", FILE_MODE);
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      const part = chunk as Buffer;
      size += part.length;
      if (size > entry.uncompressedSize) throw new ArchiveRefusal("wrong_size", path);
      hash.update(part);
      checksum = crc32(part, checksum);
      await file.writeFile(part);
    }
  } finally {
    await file.close();
  }
  if (size !== entry.uncompressedSize) throw new ArchiveRefusal("wrong_size", path);
  if (checksum !== entry.crc32) throw new ArchiveRefusal("wrong_checksum", path);
  return hash.digest("hex");
}
