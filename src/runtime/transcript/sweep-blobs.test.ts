import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createFileBlobStore } from "#runtime/transcript/blob-store.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-sweep-"));
afterAll(() => rmSync(directory, { recursive: true }));
const store = createFileBlobStore(directory);
const home = join(directory, MASTER_TENANT_ID);
const BEFORE = new Date("2026-01-02T00:00:00Z");
const OLD = new Date("2026-01-01T00:00:00Z");

async function* streamOf(text: string) {
  yield new TextEncoder().encode(text);
}
const put = async (text: string) =>
  (await store.put(MASTER_TENANT_ID, streamOf(text), { maxBytes: 100, type: "text/plain" })).id;
const pathOf = (id: string) => join(home, id.slice(0, 2), id);
async function putOld(text: string): Promise<string> {
  const id = await put(text);
  utimesSync(pathOf(id), OLD, OLD);
  return id;
}
const files = () =>
  readdirSync(home, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(home, name)).isFile());
const NONE = new Set<string>();

test("old blobs that nothing names are deleted, and the rest stays", async () => {
  const [unused, used, young] = [await putOld("unused"), await putOld("used"), await put("young")];
  const abandoned = join(home, "0123.tmp");
  writeFileSync(abandoned, "half");
  utimesSync(abandoned, OLD, OLD);
  const deleted = await store.sweep({ before: BEFORE, findUsed: async () => new Set([used]) });
  expect(deleted).toBe(1);
  expect(files().sort()).toEqual([join(used.slice(0, 2), used), join(young.slice(0, 2), young)].sort());
  expect(unused).not.toBe(used);
  rmSync(home, { recursive: true });
});

test("a blob that is stored or named again at that moment stays", async () => {
  const [again, named] = [await putOld("again"), await putOld("named")];
  const looked = new Set<string>();
  await store.sweep({
    before: BEFORE,
    async findUsed(_, ids) {
      if (ids.includes(again)) await put("again");
      const isSecondLook = looked.has(named);
      for (const id of ids) looked.add(id);
      return isSecondLook && ids.includes(named) ? new Set([named]) : NONE;
    },
  });
  expect(files().sort()).toEqual([join(again.slice(0, 2), again), join(named.slice(0, 2), named)].sort());
  rmSync(home, { recursive: true });
});

test("what a sweep that died had moved aside is back after the next", async () => {
  const id = await putOld("aside");
  renameSync(pathOf(id), `${pathOf(id)}.swept`);
  await store.sweep({ before: BEFORE, findUsed: async () => new Set([id]) });
  expect(files()).toEqual([join(id.slice(0, 2), id)]);
});
