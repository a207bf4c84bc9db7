import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callOnce, createTestPool } from "#testing/mcp-fixture.ts";

const { pool, of, processes } = createTestPool();
afterAll(() => pool.close());

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isTrue(); attempt++) await Bun.sleep(10);
  expect(isTrue()).toBe(true);
}

describe("the process of a server", () => {
  const directory = mkdtempSync(join(tmpdir(), "goclaw-mcp-"));
  const script = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return of(process.execPath, ["--no-env-file", join(directory, name)], directory);
  };
  const ANSWERS = `
    for await (const line of console) {
      const { id, method } = JSON.parse(line);
      if (id === undefined) continue;
      const results = {
        initialize: { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "s", version: "1" } },
        "tools/list": { tools: [{ name: "echo", inputSchema: {} }] },
      };
      if (method === "tools/call") await onCall();
      console.log(JSON.stringify({ jsonrpc: "2.0", id, result: results[method] ?? { content: [] } }));
    }`;

  test("may print other lines on its output", async () => {
    const noisy = script("noisy.js", `const onCall = () => {}; console.log("Server is ready!\\n{broken");${ANSWERS}`);
    expect(await noisy.listTools()).toHaveLength(1);
  });

  test("is ended if it floods its output, with or without ends of lines", async () => {
    const lines = script("lines.js", `const onCall = () => { for (;;) console.log("noise"); };${ANSWERS}`);
    expect(await callOnce(lines, "echo").catch(({ kind }) => kind)).toBe("misbehaved");
    const endless = script(
      "endless.js",
      `const onCall = () => { for (;;) process.stdout.write("x".repeat(65536)); };${ANSWERS}`,
    );
    expect(await callOnce(endless, "echo").catch(({ kind }) => kind)).toBe("misbehaved");
    await until(() => processes.running.size <= 1);
  });

  test("that cannot start is quoted with its complaint, even after a long stack trace", async () => {
    const failing = script(
      "failing.js",
      `console.error("starting\\nError: Cannot find module 'trà 🍵'\\n" + "    at somewhere\\n".repeat(50) + "v1");`,
    );
    await expect(failing.listTools()).rejects.toMatchObject({
      kind: "unreachable",
      detail: "Error: Cannot find module 'trà 🍵'",
    });
  });

  test("that dies in the middle of a call fails it at once, and starts again for the next call", async () => {
    const dying = script(
      "dying.js",
      `import { existsSync, writeFileSync } from "node:fs";
       const onCall = () => { if (!existsSync("died")) { writeFileSync("died", ""); process.exit(1); } };${ANSWERS}`,
    );
    await dying.listTools();
    expect(await callOnce(dying, "echo").catch(({ kind }) => kind)).toBe("closed");
    await dying.reconnect();
    expect((await callOnce(dying, "echo")).content).toEqual([]);
  });

  test("is replaced, never doubled, by reconnecting, and takes its own children along", async () => {
    const parent = script(
      "parent.js",
      `import { spawn } from "node:child_process"; const onCall = () => {};
       spawn("sleep", ["1000"]);${ANSWERS}`,
    );
    const before = processes.running.size;
    for (let round = 0; round < 5; round++) {
      await parent.reconnect();
      await parent.listTools();
    }
    await until(() => processes.running.size === before + 1);
  });

  test("that does not exist is a failure, not a crash", async () => {
    const missing = of("no-such-program", [], directory);
    expect(await missing.listTools().then(String, ({ kind }) => kind)).toBe("unreachable");
  });
});
