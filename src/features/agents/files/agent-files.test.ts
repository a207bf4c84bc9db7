import { afterAll, describe, expect, test } from "bun:test";
import { startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("the files of an agent on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  const id = await gateway.anAgent("fox");
  const file = (name: string, content?: unknown, options = {}) =>
    content === undefined
      ? call("GET", `/v1/agents/fox/files/${name}`, undefined, options)
      : call("PUT", `/v1/agents/fox/files/${name}`, { content }, options);
  const preview = async (query = "") => (await call("GET", `/v1/agents/fox/system-prompt-preview${query}`)).body;

  test("are listed, read and written, and the next run reads them", async () => {
    const { agent_id, files } = (await call("GET", "/v1/agents/fox/files")).body;
    expect([agent_id, files.map(({ name, missing }: { name: string; missing: boolean }) => [name, missing])]).toEqual([
      id,
      [
        ...[
          ["AGENTS.md", false],
          ["SOUL.md", false],
          ["IDENTITY.md", false],
          ["USER.md", false],
        ],
        ...[
          ["USER_PREDEFINED.md", true],
          ["CAPABILITIES.md", true],
          ["TOOLS.md", true],
          ["HEARTBEAT.md", true],
        ],
      ],
    ]);
    expect(files[0].content).toBeUndefined();
    expect((await file("CAPABILITIES.md")).body).toEqual({
      agent_id: id,
      file: { name: "CAPABILITIES.md", missing: true },
    });
    const content = "Bạn pha trà 🍵";
    const written = (await file("CAPABILITIES.md", content)).body;
    expect(written.file).toMatchObject({ missing: false, content, size: Buffer.byteLength(content) });
    expect((await file("CAPABILITIES.md")).body).toEqual(written);
    await call("POST", "/v1/agents/fox/wake", { message: "hi" });
    expect(JSON.stringify(model.requests.at(-1)?.body)).toContain("pha trà");
  });

  test("a check-in list is no part of a run's prompt", async () => {
    await file("HEARTBEAT.md", "look at the oven");
    expect((await preview()).prompt).not.toContain("oven");
  });

  test.each([
    ["notes.md", "x", 400],
    ["soul.md", "x", 400],
    ["..%2FSOUL.md", "x", 400],
    ["SOUL.md", 5, 400],
    ["SOUL.md", "x".repeat(100_001), 400],
  ])("%s is refused", async (name, content, status) => {
    expect((await file(name, content)).status).toBe(status);
  });

  test("belong to the agent's owner", async () => {
    await call("POST", "/v1/agents/fox/shares", { user_id: "bob" });
    const bob = await aKey(gateway, ["write"], { owner_id: "bob" });
    const paths = ["files", "files/SOUL.md", "system-prompt-preview"];
    for (const path of paths) {
      expect((await call("GET", `/v1/agents/fox/${path}`, undefined, bob)).status).toBe(403);
      expect((await call("GET", `/v1/agents/wolf/${path}`)).status).toBe(404);
    }
    expect((await file("SOUL.md", "x", bob)).status).toBe(403);
  });

  test("the preview is the prompt of the next run, and names what it leaves out", async () => {
    await call("PUT", "/v1/agents/fox/instances/bob/files/USER.md", { content: "Bob likes tea" });
    await file("SOUL.md", "long ".repeat(10_000));
    const { prompt, chars, sections, cut_files } = await preview("?user_id=bob");
    expect([prompt.length, prompt.includes("Bob likes tea")]).toEqual([chars, true]);
    expect((await preview()).prompt).not.toContain("Bob likes tea");
    expect(sections.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["identity", "file:SOUL.md", "file:USER.md"]),
    );
    expect(cut_files[0]).toMatchObject({ name: "SOUL.md", chars: 49_999 });
    expect(cut_files[0].shown_chars).toBeLessThanOrEqual(20_000);
    await call("POST", "/v1/agents/fox/wake", { message: "hi", user_id: "bob" });
    expect(model.requests.at(-1)?.body.messages[0].content).toBe(prompt);
  });
});
