import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import { BlobTooLargeError, createFileBlobStore } from "#runtime/transcript/blob-store.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-blobs-"));
afterAll(() => rmSync(directory, { recursive: true }));
const store = createFileBlobStore(directory);
const limits = { maxBytes: 10, type: "text/plain" };

async function* streamOf(...pieces: readonly string[]) {
  for (const piece of pieces) yield new TextEncoder().encode(piece);
}

const filesBelow = (path: string) =>
  readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(path, name)).isFile());

test("content that streams in is read back whole, by its hash", async () => {
  const blob = await store.put(MASTER_TENANT_ID, streamOf("hel", "lo 😀"), limits);
  const text = "hello 😀";
  expect(blob).toEqual({ id: createHash("sha256").update(text).digest("hex"), size: 10, type: "text/plain" });
  const opened = await store.open(MASTER_TENANT_ID, blob.id);
  expect(opened.size).toBe(10);
  expect(new TextDecoder().decode(await opened.bytes())).toBe(text);
});

test("equal content of a tenant is one file, and no other tenant reaches it", async () => {
  const tenant = toTenantId(newId());
  const [first, second] = await Promise.all([
    store.put(tenant, streamOf("same"), limits),
    store.put(tenant, streamOf("sa", "me"), limits),
  ]);
  expect(second.id).toBe(first.id);
  expect(filesBelow(join(directory, tenant))).toEqual([join(first.id.slice(0, 2), first.id)]);
  await expect(store.open(toTenantId(newId()), first.id)).rejects.toThrow("ENOENT");
});

test("content over its limit is refused while it streams in, and nothing of it stays", async () => {
  const tenant = toTenantId(newId());
  let pieces = 0;
  async function* endless() {
    for (;;) {
      pieces++;
      yield new Uint8Array(4);
    }
  }
  await expect(store.put(tenant, endless(), limits)).rejects.toBeInstanceOf(BlobTooLargeError);
  expect([pieces, filesBelow(join(directory, tenant))]).toEqual([3, []]);
});

test("a stream that breaks off leaves nothing", async () => {
  const tenant = toTenantId(newId());
  async function* broken() {
    yield new Uint8Array(4);
    throw new Error("the upload broke off");
  }
  await expect(store.put(tenant, broken(), limits)).rejects.toThrow("the upload broke off");
  expect(filesBelow(join(directory, tenant))).toEqual([]);
});
