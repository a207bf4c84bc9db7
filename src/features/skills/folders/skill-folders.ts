import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BoundedCache } from "#base/caches/bounded-cache.ts";
import type { TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { randomHex } from "#base/random-hex.ts";
import { defineService } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";
import { type Archive, SkillUnpacker } from "#features/skills/archive/skill-unpacker.ts";
import type { SkillFile, UnpackedSkill } from "#features/skills/archive/unpack-archive.ts";
import type { BundledSkill } from "#features/skills/bundled/bundled-skills.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

/** A version of an uploaded skill, as stored. */
export interface StoredVersion {
  readonly slug: string;
  readonly version: number;
  readonly blob: string;
  readonly hash: string;
  readonly files: readonly SkillFile[];
}

const MAX_KNOWN = 10_000;
/** The folder of unfinished ones, below the folder of each tenant. */
const INCOMING = ".incoming";

/**
 * The folders in which skills lie unpacked, one for each version. They are a cache of this node: what is missing is
 * unpacked again from the blob store. A folder appears under its name only when it is complete.
 */
export class SkillFolders {
  readonly #root: string;
  readonly #blobs: BlobStore;
  readonly #unpacker = new SkillUnpacker();
  /** The folders that this process has checked or unpacked, or is about to. */
  readonly #ready = new BoundedCache<string, Promise<string>>({ max: MAX_KNOWN });
  #swept: Promise<void> | undefined;

  constructor(root: string, blobs: BlobStore) {
    this.#root = root;
    this.#blobs = blobs;
  }

  get root(): string {
    return this.#root;
  }

  /** Returns where a version of an uploaded skill lies when it is unpacked. */
  pathOf(tenantId: TenantId, { slug, version }: Pick<StoredVersion, "slug" | "version">): string {
    return join(this.#root, tenantId, slug, String(version));
  }

  pathOfBundled({ slug, hash }: BundledSkill): string {
    return join(this.#root, "builtin", slug, hash.slice(0, 16));
  }

  /** Returns the folder of a version, with its files in place. */
  open(db: Pick<TenantDatabase, "tenantId">, version: StoredVersion): Promise<string> {
    const path = this.pathOf(db.tenantId, version);
    return this.#once(path, () => this.#restore(db.tenantId, version, path));
  }

  /** Returns the folder of one of the gateway's own skills, with its files in place. */
  openBundled(skill: BundledSkill): Promise<string> {
    const path = this.pathOfBundled(skill);
    const files = [...skill.files].map(([name, text]) => ({ path: name, size: Buffer.byteLength(text) }));
    return this.#once(path, async () => {
      if (await hasFiles(path, files)) return;
      const directory = await this.#newDirectory("builtin");
      for (const [name, text] of skill.files) {
        const target = join(directory, name);
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, text, { mode: 0o644 });
      }
      await replaceFolder(path, directory);
    });
  }

  /** Checks and unpacks an archive that was uploaded. The files stay apart until `adopt` or `discard`. */
  async unpack(tenantId: TenantId, content: string, maxUnpackedBytes: number): Promise<Incoming> {
    const directory = await this.#newDirectory(tenantId);
    return { directory, skill: await this.#unpackTo(directory, { content, tenantId, maxUnpackedBytes }) };
  }

  /** Gives the unpacked files of an archive the name of their version. A folder of an older database gives way. */
  async adopt(tenantId: TenantId, { directory }: Incoming, version: StoredVersion): Promise<void> {
    const path = this.pathOf(tenantId, version);
    await this.#once(path, () => replaceFolder(path, directory));
  }

  discard({ directory }: Incoming): Promise<void> {
    return rm(directory, { recursive: true, force: true });
  }

  async #restore(tenantId: TenantId, { blob, hash, files }: StoredVersion, path: string): Promise<void> {
    if (await hasFiles(path, files)) return;
    const bytes = await (await this.#blobs.open(tenantId, blob)).bytes();
    const directory = await this.#newDirectory(tenantId);
    // A later limit must not lock out what was accepted.
    const maxUnpackedBytes = Math.max(LIMITS.skillUnpackedBytes, sizeOf(files));
    const unpacked = await this.#unpackTo(directory, {
      content: new Uint8Array(bytes).buffer,
      tenantId,
      maxUnpackedBytes,
    });
    if (unpacked.hash === hash) return replaceFolder(path, directory);
    await rm(directory, { recursive: true, force: true });
    throw new Error(`the archive ${blob} does not hold the skill that was stored`);
  }

  #unpackTo(directory: string, archive: Omit<Archive, "directory">): Promise<UnpackedSkill> {
    return this.#unpacker.unpack({ ...archive, directory });
  }

  /** Does the work once for each path. After a failure the next caller tries again. */
  #once(path: string, prepare: () => Promise<void>): Promise<string> {
    const known = this.#ready.get(path);
    if (known) return known;
    const ready = prepare().then(() => path);
    this.#ready.set(path, ready);
    ready.catch(() => {
      if (this.#ready.peek(path) === ready) this.#ready.delete(path);
    });
    return ready;
  }

  /** Returns a path beside the finished folders, so that a rename is enough. No slug begins with a dot. */
  async #newDirectory(owner: string): Promise<string> {
    this.#swept ??= this.#sweep();
    await this.#swept;
    const incoming = join(this.#root, owner, INCOMING);
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    return join(incoming, randomHex(16));
  }

  /** Removes what an earlier process left unfinished. Only one process uses a home. */
  async #sweep(): Promise<void> {
    const owners = await readdir(this.#root).catch(() => []);
    await Promise.all(owners.map((owner) => rm(join(this.#root, owner, INCOMING), { recursive: true, force: true })));
  }
}

export const skillFolders = defineService<SkillFolders>("skill-folders");

/** An archive that was unpacked but has no version yet. */
export interface Incoming {
  readonly directory: string;
  readonly skill: UnpackedSkill;
}

const sizeOf = (files: readonly SkillFile[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** Returns whether all files are there with their sizes. A machine that lost its power may have kept only the names. */
async function hasFiles(path: string, files: readonly SkillFile[]): Promise<boolean> {
  for (const file of files) {
    const found = await lstat(join(path, file.path)).catch(() => undefined);
    if (!found?.isFile() || found.size !== file.size) return false;
  }
  return true;
}

/** Gives a complete directory its name. Callers do it once for each path. */
async function replaceFolder(path: string, directory: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await rm(path, { recursive: true, force: true });
  await rename(directory, path);
}
