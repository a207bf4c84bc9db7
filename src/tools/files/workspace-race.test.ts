import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callTool } from "#testing/tool-fixture.ts";
import { readFileTool } from "#tools/files/read-file.ts";
import { writeFileTool } from "#tools/files/write-file.ts";

/** Replaces a directory with a link that leads outside, and back again, in a tight loop. */
const SWAP = `
  const { renameSync, symlinkSync, rmSync } = require("node:fs");
  const [directory, aside, outside] = process.argv.slice(1);
  for (;;) {
    renameSync(directory, aside);
    for (;;) {
      try { symlinkSync(outside, directory); break; } catch { rmSync(directory, { recursive: true, force: true }); }
    }
    rmSync(directory);
    for (;;) {
      try { renameSync(aside, directory); break; } catch { rmSync(directory, { recursive: true, force: true }); }
    }
  }`;

test("a directory that becomes a link between the check and the use does not lead outside", async () => {
  const root = mkdtempSync(join(tmpdir(), "goclaw-race-"));
  const workspace = join(root, "a");
  for (const directory of [join(workspace, "notes"), join(root, "outside")]) mkdirSync(directory, { recursive: true });
  writeFileSync(join(workspace, "notes/x"), "inside");
  writeFileSync(join(root, "outside/x"), "planted");
  const swapper = Bun.spawn([
    process.execPath,
    "-e",
    SWAP,
    join(workspace, "notes"),
    join(workspace, "aside"),
    join(root, "outside"),
  ]);
  try {
    for (let round = 0; round < 1_000; round++) {
      const { text } = await callTool(readFileTool, { path: "notes/x" }, { workspace });
      expect(text).not.toBe("planted");
      await callTool(writeFileTool, { path: "notes/x", content: "+", append: true }, { workspace });
      expect(readFileSync(join(root, "outside/x"), "utf8")).toBe("planted");
    }
  } finally {
    swapper.kill();
    await swapper.exited;
    rmSync(root, { recursive: true });
  }
}, 60_000);
