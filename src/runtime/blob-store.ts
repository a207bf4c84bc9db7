import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { randomHex, type TenantId } from "#base/ids.ts";
import { defineService } from "#core/service.ts";

/** Keeps the bytes of images and files, by their SHA-256, apart for each tenant. */
export interface BlobStore {
  /** Durable when it resolves. */
  put(tenantId: TenantId, bytes: Uint8Array): Promise<string>;
  get(tenantId: TenantId, id: string): Promise<Uint8Array>;
}

export const blobStore = defineService<BlobStore>("blob-store");

/** The embedded implementation: one file per blob below `directory`. */
export function createFileBlobStore(directory: string): BlobStore {
  const pathOf = (tenantId: TenantId, id: string) => join(directory, tenantId, id.slice(0, 2), id);
  return {
    async put(tenantId, bytes) {
      const id = createHash("sha256").update(bytes).digest("hex");
      const path = pathOf(tenantId, id);
      if (await isStored(path, bytes.byteLength)) return id;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const temporary = `${path}.${randomHex(8)}.tmp`;
      const file = await open(temporary, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      return id;
    },
    get: (tenantId, id) => readFile(pathOf(tenantId, id)),
  };
}

async function isStored(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === size;
}
