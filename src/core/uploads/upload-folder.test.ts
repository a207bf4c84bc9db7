import { expect, onTestFinished, test } from "bun:test";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UploadFolder } from "#core/uploads/upload-folder.ts";
import { FormFile, UploadedFile } from "#core/uploads/uploaded-file.ts";

function aFolder() {
  const home = mkdtempSync(join(tmpdir(), "goclaw-uploads-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const directory = join(home, "deep", "uploads");
  return { folder: new UploadFolder(directory), directory };
}

async function* piecesOf(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
}

test("a file has the bytes that came, with their size and their hash, and is for the gateway alone", async () => {
  const { folder, directory } = aFolder();
  const file = await folder.receive("../a.txt", piecesOf("chào ", "", "bạn"));
  expect(readFileSync(file.path, "utf8")).toBe("chào bạn");
  expect(file).toMatchObject({
    ...{ name: "../a.txt", size: Buffer.byteLength("chào bạn") },
    sha256: createHash("sha256").update("chào bạn").digest("hex"),
  });
  expect([statSync(file.path).mode & 0o777, statSync(directory).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(FormFile.safeParse(file).success).toBe(true);
});

test("files of one name are two files, and one without bytes is a file", async () => {
  const { folder, directory } = aFolder();
  const files = [await folder.receive("a", piecesOf()), await folder.receive("a", piecesOf("x"))];
  expect(files.map(({ size }) => size)).toEqual([0, 1]);
  expect(readdirSync(directory)).toHaveLength(2);
});

test("nothing stays of a file that breaks off, and its error is told", async () => {
  const { folder, directory } = aFolder();
  async function* broken() {
    yield Buffer.from("x");
    throw new Error("gone");
  }
  await expect(folder.receive("a", broken())).rejects.toThrow("gone");
  expect(readdirSync(directory)).toEqual([]);
});

test("a file is discarded, unless it was moved away", async () => {
  const { folder, directory } = aFolder();
  const [kept, gone] = [await folder.receive("a", piecesOf("a")), await folder.receive("b", piecesOf("b"))];
  renameSync(kept.path, join(directory, "kept"));
  for (const file of [kept, gone]) await folder.discard(file);
  expect(readdirSync(directory)).toEqual(["kept"]);
});

test("what an earlier process left is removed, if there is anything", async () => {
  const { folder, directory } = aFolder();
  await folder.clear();
  await folder.receive("a", piecesOf("a"));
  await folder.clear();
  expect(existsSync(directory)).toBe(false);
});

test("a form field that is no file is refused", () => {
  const facts = { name: "a", size: 0, sha256: "", path: "a" };
  expect([FormFile.safeParse(facts).success, FormFile.safeParse(new UploadedFile(facts)).success]).toEqual([
    false,
    true,
  ]);
});
