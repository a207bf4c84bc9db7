import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type TenantId, toTenantId } from "#base/ids.ts";

/** Which blobs a sweep keeps. */
export interface BlobSweep {
  /** Younger blobs stay: the row that will name one may not be committed yet. */
  readonly before: Date;
  /** Returns those of a tenant's blobs that a row names. */
  readonly findUsed: (tenantId: TenantId, ids: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Where a blob is while it is decided about for the last time. */
const ASIDE = ".swept";
const BLOB_NAME = /^[0-9a-f]{64}$/;
const TENANT_NAME = /^[0-9a-f-]{36}$/;

/**
 * Deletes the blobs below `directory` that are old and that no row names, and what broken uploads left. Returns how many
 * blobs were deleted. A blob is moved aside before the last look. If it was stored anew at that moment, it is moved back.
 */
export async function sweepBlobs(directory: string, sweep: BlobSweep): Promise<number> {
  let deleted = 0;
  for (const tenant of await namesIn(directory)) {
    if (!TENANT_NAME.test(tenant)) continue;
    const home = join(directory, tenant);
    for (const name of await namesIn(home)) {
      const path = join(home, name);
      if (name.endsWith(".tmp")) await deleteIfOld(path, sweep);
      else deleted += await sweepFolder(path, toTenantId(tenant), sweep);
    }
  }
  return deleted;
}

async function sweepFolder(folder: string, tenantId: TenantId, sweep: BlobSweep): Promise<number> {
  const names = await namesIn(folder);
  // A process that died in a sweep leaves blobs aside.
  for (const name of names.filter((name) => name.endsWith(ASIDE))) await putBack(join(folder, name));
  const old: string[] = [];
  for (const name of names) if (BLOB_NAME.test(name) && (await isOld(join(folder, name), sweep))) old.push(name);
  if (old.length === 0) return 0;
  const used = await sweep.findUsed(tenantId, old);
  let deleted = 0;
  for (const id of old) if (!used.has(id) && (await deleteBlob(join(folder, id), tenantId, id, sweep))) deleted++;
  return deleted;
}

async function deleteBlob(path: string, tenantId: TenantId, id: string, sweep: BlobSweep): Promise<boolean> {
  const aside = `${path}${ASIDE}`;
  await rename(path, aside);
  const isWanted = !(await isOld(aside, sweep)) || (await sweep.findUsed(tenantId, [id])).has(id);
  if (isWanted) await putBack(aside);
  else await rm(aside, { force: true });
  return !isWanted;
}

/** A blob that was stored anew meanwhile has the same bytes, so it makes no difference which of both remains. */
const putBack = (aside: string): Promise<void> => rename(aside, aside.slice(0, -ASIDE.length));

async function isOld(path: string, { before }: BlobSweep): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.mtime < before;
}

async function deleteIfOld(path: string, sweep: BlobSweep): Promise<void> {
  if (await isOld(path, sweep)) await rm(path, { force: true });
}

const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);
