import { afterAll, describe, expect, test } from "bun:test";
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aKey, aTenant, OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** Serves a page, and a search engine that repeats the key it received. */
function aSite() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const key = request.headers.get("x-subscription-token");
      if (key === null) return new Response("<h1>Page</h1><p>text</p>", { headers: { "Content-Type": "text/html" } });
      return Response.json({ web: { results: [{ url: "https://one.example/", title: `asked with ${key}` }] } });
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, host: `127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

describe.each([...testDialects()])("runs with tools on %s", async (dialect) => {
  const site = aSite();
  const env = {
    GOCLAW_TOOLS_WEB_SEARCH: JSON.stringify({ brave_api_key: "operator-brave-key", brave_base: site.url }),
  };
  const gateway = await startToolGateway({ dialect, allowHosts: [site.host], env });
  const { use, useOne, call } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await site.stop();
  });
  const ada = await aKey(gateway, ["admin"], { owner_id: "ada" });
  const workspace = gateway.workspaceOf(MASTER_TENANT_ID, await gateway.anAgent(AGENT));
  await gateway.anAgent("second");
  await call("POST", `/v1/agents/${AGENT}/shares`, { user_id: "bob" });
  await aTenant(gateway, "other");
  const other = { ...(await aKey(gateway, ["admin"], { tenant: "other", owner_id: "ada" })) };
  await gateway.anAgent(AGENT, other);
  const set = (tool: string, body: object, caller = ada) => call("PUT", `/v1/tools/builtin/${tool}`, body, caller);

  test("files are written, read, changed and listed in the agent's workspace", async () => {
    expect(await useOne("write_file", { path: "plan/a.md", content: "one\ntwo\n" })).toContain("Wrote 8 bytes");
    expect(await useOne("edit", { path: "plan/a.md", old_string: "two", new_string: "2" })).toContain("Replaced 1");
    const { results } = await use([
      { name: "read_file", arguments: { path: "plan/a.md" } },
      { name: "list_files", arguments: {} },
    ]);
    expect(results).toEqual(["one\n2", "plan/"]);
    expect(readFileSync(join(workspace, "plan/a.md"), "utf8")).toBe("one\n2\n");
    expect(await useOne("list_files", {}, { caller: other })).toBe("The directory is empty.");
  });

  test("no path leads out of the workspace", async () => {
    mkdirSync(join(workspace, ".goclaw"), { recursive: true });
    writeFileSync(join(workspace, ".goclaw/x"), "planted");
    writeFileSync(join(gateway.home, "canary"), "planted");
    symlinkSync(join(gateway.home, "canary"), join(workspace, "link"));
    symlinkSync(gateway.home, join(workspace, "up"));
    symlinkSync(join(gateway.home, "nothing"), join(workspace, "dangling"));
    linkSync(join(gateway.home, "canary"), join(workspace, "hard"));
    const paths = [
      ...["../../../canary", "/etc/passwd", join(gateway.home, "canary"), "link", "up/canary", "dangling", "hard"],
      ...[".goclaw/x", "up/secrets/gateway-token", "plan/../../../../canary", "a\0b", "..\\canary"],
    ];
    for (const path of paths) {
      const { results } = await use([
        { name: "read_file", arguments: { path } },
        { name: "write_file", arguments: { path, content: "changed" } },
        { name: "write_file", arguments: { path, content: "changed", append: true } },
        { name: "edit", arguments: { path, old_string: "planted", new_string: "changed" } },
        { name: "list_files", arguments: { path } },
      ]);
      expect(results).toHaveLength(5);
      for (const result of results) expect(result).toMatch(/^Cannot use|^There is no|^The arguments do not fit/);
    }
    expect(readFileSync(join(gateway.home, "canary"), "utf8")).toBe("planted");
    expect(readFileSync(join(workspace, ".goclaw/x"), "utf8")).toBe("planted");
    expect(await useOne("list_files", {})).not.toContain(".goclaw");
  });

  test("credentials in tool results never reach the model", async () => {
    await useOne("write_file", { path: "env", content: `T=${gateway.token}\napi_key = "abcdef123456"\nplain` });
    expect(await useOne("read_file", { path: "env" })).toBe('T=[REDACTED]\napi_key = "[REDACTED]"\nplain');
  });

  test("a page is read through egress and wrapped as untrusted, and private addresses are refused", async () => {
    expect(await useOne("web_fetch", { url: site.url })).toMatch(
      /^<<<EXTERNAL_UNTRUSTED_CONTENT id="[0-9a-f]{16}">>>\n[\s\S]*# Page\n\ntext\n<<<END_EXTERNAL/,
    );
    expect(await useOne("web_fetch", { url: gateway.url })).toBe(
      "The page could not be fetched: this address is not allowed.",
    );
  });

  test("a tenant's rules and keys apply to that tenant only, from the next call on", async () => {
    const blocked = await set("web_fetch", { settings: { blocked_domains: ["127.0.0.1"] } });
    expect(blocked.status).toBe(200);
    expect(await useOne("web_fetch", { url: site.url })).toContain("not among those that may be visited");
    expect(await useOne("web_fetch", { url: site.url }, { caller: other })).toContain("# Page");
    await set("web_fetch", { settings: { blocked_domains: null } });
    expect(await useOne("web_fetch", { url: site.url })).toContain("# Page");

    await set("web_search", { settings: { brave_api_key: "other-brave-key" } }, other);
    expect(await useOne("web_search", { query: "q" }, { caller: other })).toContain("asked with [REDACTED]");
    expect(await useOne("web_search", { query: "q" })).toContain("asked with [REDACTED]");
    await set("web_search", { settings: { brave_api_key: null } }, other);
  });

  test("an agent sees only its own sessions with the same user", async () => {
    const callers = { ada: {}, bob: { user: "bob" }, owner: OWNER, other };
    const mine = (await use([])).key;
    const second = (await use([], { agent: "second" })).key;
    const keys: Record<string, string> = { ada: mine, second };
    for (const name of ["bob", "owner", "other"] as const) keys[name] = (await use([], { caller: callers[name] })).key;

    for (const name of ["ada", "bob", "owner", "other"] as const) {
      const listed = JSON.parse(await useOne("sessions_list", { limit: 200 }, { caller: callers[name] }));
      const found = listed.sessions.map((session: { key: string }) => session.key);
      expect(Object.entries(keys).filter(([, key]) => found.includes(key))).toEqual([[name, keys[name] ?? ""]]);
      for (const [owner, key] of Object.entries(keys)) {
        const { results } = await use(
          ["sessions_history", "session_status"].map((tool) => ({ name: tool, arguments: { session_key: key } })),
          { caller: callers[name] },
        );
        const isOwn = owner === name;
        for (const result of results) expect(result.startsWith("There is no session")).toBe(!isOwn);
      }
    }
  });

  test("the session tools return the status of a session and its latest messages", async () => {
    const { key } = await use([{ name: "datetime", arguments: {} }]);
    const status = JSON.parse(await useOne("session_status", {}, { sessionKey: key }));
    expect(status).toMatchObject({
      key,
      agent: AGENT,
      provider: AGENT,
      model: "test-model",
      compactions: 0,
      is_running: true,
    });
    expect([typeof status.input_tokens, status.messages > 4, Date.parse(status.created_at) > 0]).toEqual([
      "number",
      true,
      true,
    ]);

    const read = async (input: object) => JSON.parse(await useOne("sessions_history", { session_key: key, ...input }));
    const texts = ({ messages }: { messages: { role: string; text: string }[] }) =>
      messages.map(({ role, text }) => `${role}: ${text}`);
    const plain = await read({ limit: 4 });
    expect(texts(plain)).toEqual(["user: go on", "assistant: done", "user: go on", "assistant: done"]);
    expect(await read({ limit: 1 })).toMatchObject({ omitted: 3, messages: [{ role: "assistant", text: "done" }] });
    const [, called, answered] = (await read({ limit: 20, include_tools: true })).messages;
    expect(called.tools[0]).toEqual({ call: "datetime", arguments: "{}" });
    expect(answered.tools[0].text).toContain('"timezone":"UTC"');
  });

  test("long messages are truncated, and only the latest that fit are shown", async () => {
    const { key } = await use([]);
    for (let turn = 0; turn < 20; turn++) {
      gateway.model.enqueue({ text: `${turn} ${"x".repeat(10_000)}` });
      await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go on", session_key: key });
    }
    const text = await useOne("sessions_history", { session_key: key, limit: 200 });
    const { omitted, messages } = JSON.parse(text);
    expect(text.length).toBeLessThan(65_000);
    expect([omitted > 0, messages.at(-1).text.slice(0, 3), messages.at(-1).text.length]).toEqual([true, "19 ", 4_006]);
    expect(omitted + messages.length).toBe(42);
  });
});

describe("a gateway with limits on tools", async () => {
  const gateway = await startToolGateway({
    env: { GOCLAW_TOOLS_RATE_LIMIT_PER_HOUR: "2", GOCLAW_TOOLS_SCRUB_CREDENTIALS: "false" },
  });
  afterAll(() => gateway.stop());
  await gateway.anAgent(AGENT);

  test("refuses further tool calls of a session in the same hour, and its runs continue without tools", async () => {
    const three = Array.from({ length: 3 }, () => ({ name: "datetime", arguments: {} }));
    const { key, results } = await gateway.use(three);
    expect(results.map((result) => result.startsWith("This session has made its 2 tool calls"))).toEqual([
      false,
      false,
      true,
    ]);
    expect((await gateway.use(three.slice(1), { sessionKey: key })).results.join()).not.toContain("timezone");
    expect((await gateway.use(three.slice(1))).results.join()).not.toContain("This session");
  });

  test("keeps text that only looks like a credential, but redacts its own token", async () => {
    const content = `sk-abcdefghijklmnopqrst ${gateway.token}`;
    const { results } = await gateway.use([
      { name: "write_file", arguments: { path: "a", content } },
      { name: "read_file", arguments: { path: "a" } },
    ]);
    expect(results[1]).toBe("sk-abcdefghijklmnopqrst [REDACTED]");
  });
});
