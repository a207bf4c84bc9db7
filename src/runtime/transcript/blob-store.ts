import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FileContent, toFileContent } from "#base/file-content.ts";
import { moveFile } from "#base/files/move-file.ts";
import type { TenantId } from "#base/ids.ts";
import { randomHex } from "#base/random-hex.ts";
import { defineService } from "#core/service.ts";
import { type BlobSweep, sweepBlobs } from "#runtime/transcript/sweep-blobs.ts";

export interface BlobLimits {
  readonly maxBytes: number;
  /** The media type, as the caller determined it. */
  readonly type: string;
}

export interface StoredBlob {
  /** The SHA-256 of the bytes, in hex. Equal bytes of a tenant are stored once. */
  readonly id: string;
  readonly size: number;
  readonly type: string;
}

export interface OpenBlob {
  readonly size: number;
  /** Reads the whole blob into memory. */
  bytes(): Promise<Uint8Array>;
}

/** Thrown if content exceeds its limit. None of it is stored. */
export class BlobTooLargeError extends Error {
  override readonly name = "BlobTooLargeError";
}

/** The bytes of a blob, piece by piece. */
export type BlobContent = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Stores the bytes of images and files, separately for each tenant. */
export interface BlobStore {
  /** Stores content while it streams in. Resolves when it is durable. Throws `BlobTooLargeError`. */
  put(tenantId: TenantId, content: BlobContent, limits: BlobLimits): Promise<StoredBlob>;
  /** Takes over a file that is complete and synced, by its path and its SHA-256 in hex. Resolves with its id. */
  adopt(tenantId: TenantId, file: { readonly path: string; readonly sha256: string }): Promise<string>;
  /** Throws if the blob does not exist. */
  open(tenantId: TenantId, id: string): Promise<OpenBlob>;
  /** Opens a blob to read it piece by piece. Throws if the blob does not exist. */
  openContent(tenantId: TenantId, id: string): Promise<FileContent>;
  /** Deletes old blobs that no row names. Returns how many. */
  sweep(sweep: BlobSweep): Promise<number>;
}

export const blobStore = defineService<BlobStore>("blob-store");

/** The embedded blob store: a file per blob below `directory`. A file gets its name when it is complete and synced. */
export function createFileBlobStore(directory: string): BlobStore {
  const pathOf = (tenantId: TenantId, id: string) => join(directory, tenantId, id.slice(0, 2), id);
  return {
    async put(tenantId, content, { maxBytes, type }) {
      const home = join(directory, tenantId);
      await mkdir(home, { recursive: true, mode: 0o700 });
      const temporary = join(home, `${randomHex(16)}.tmp`);
      try {
        const { id, size } = await writeFile(temporary, content, maxBytes);
        const path = pathOf(tenantId, id);
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await rename(temporary, path);
        return { id, size, type };
      } catch (thrown) {
        await rm(temporary, { force: true });
        throw thrown;
      }
    },
    async adopt(tenantId, { path, sha256 }) {
      const target = pathOf(tenantId, sha256);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await moveFile(path, target);
      // A sweep looks at how long ago a blob was stored.
      const now = new Date();
      await utimes(target, now, now);
      return sha256;
    },
    async open(tenantId, id) {
      const path = pathOf(tenantId, id);
      const { size } = await stat(path);
      return { size, bytes: () => readFile(path) };
    },
    sweep: (sweep) => sweepBlobs(directory, sweep),
    async openContent(tenantId, id) {
      const file = await open(pathOf(tenantId, id), "r");
      const { size, mtime } = await file.stat();
      return toFileContent(file, { size, modifiedAt: mtime, tag: id });
    },
  };
}

async function writeFile(path: string, content: BlobContent, maxBytes: number) {
  const hash = createHash("sha256");
  let size = 0;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of content) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new BlobTooLargeError(`the content has more than ${maxBytes} bytes`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { id: hash.digest("hex"), size };
}
