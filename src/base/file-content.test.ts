import { expect, onTestFinished, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toFileContent } from "#base/file-content.ts";

const TEXT = "Phở 🍜\n".repeat(20_000);

async function openText() {
  const folder = mkdtempSync(join(tmpdir(), "goclaw-content-"));
  const path = join(folder, "text");
  writeFileSync(path, TEXT);
  const content = toFileContent(await open(path, "r"), {
    size: Buffer.byteLength(TEXT),
    modifiedAt: new Date(0),
    tag: "1",
  });
  onTestFinished(async () => {
    await content.close();
    rmSync(folder, { recursive: true });
  });
  return { path, content };
}

test("a file is read in pieces, whole or in part", async () => {
  const { content } = await openText();
  const bytes = Buffer.from(TEXT);
  for (const [start, end] of [
    [0, bytes.length],
    [3, 70_000],
    [5, 5],
  ] as const) {
    const pieces = await Array.fromAsync(content.read(start, end));
    expect(Buffer.concat(pieces).equals(bytes.subarray(start, end))).toBe(true);
  }
});

test("a file that became shorter is an error, not an endless read", async () => {
  const { path, content } = await openText();
  truncateSync(path, 100);
  expect(Array.fromAsync(content.read(0, content.size))).rejects.toThrow("shorter");
});
