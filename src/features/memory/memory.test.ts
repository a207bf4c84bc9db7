import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { newId } from "#base/ids.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

const ALL = "/v1/memory";

describe.each([...testDialects()])("what agents remember on %s", async (dialect) => {
  const { call, stop } = await startTestGateway({ dialect });
  afterAll(stop);
  const { body: agent } = await call("POST", "/v1/agents", { agent_key: "fox", provider: "demo", model: "demo" });
  const writer: CallOptions = { bearer: await keyOf("write") };
  const as = (user: string): CallOptions => ({ ...writer, user });
  for (const user of ["bob", "eve"]) await call("POST", "/v1/agents/fox/shares", { user_id: user, role: "user" });

  async function keyOf(scope: string): Promise<string> {
    return (await call("POST", "/v1/api-keys", { name: newId(), scopes: [scope] })).body.key;
  }
  const store = async (content: string, extra: object = {}, options?: CallOptions) =>
    (await call("POST", ALL, { agent_id: "fox", content, ...extra }, options)).body;
  const pathsOf = async (query: string, options?: CallOptions): Promise<readonly string[]> =>
    (await call("GET", `${ALL}?${query}`, undefined, options)).body.entries.map(
      (entry: { path: string }) => entry.path,
    );
  const statusOf = async (method: string, path: string, body?: object, options?: CallOptions) =>
    (await call(method, path, body, options)).status;

  test("an entry is stored, listed, found, and gone once it is deleted", async () => {
    const content = "Quokkas smile.\n\nThey live on Rottnest.";
    const { status, body: entry } = await call("POST", ALL, { agent_id: agent.id, content, path: "animals/quokka.md" });
    expect(status).toBe(201);
    const hash = createHash("sha256").update(content).digest("hex");
    const facts = { agent_id: agent.id, path: "animals/quokka.md", hash, scope: "global", chunk_count: 1 };
    expect(entry).toMatchObject({ ...facts, content, source: "api" });
    expect(entry).not.toHaveProperty("user_id");
    const listed = (await call("GET", `${ALL}?agent_id=fox&path=animals/`)).body;
    expect(listed).toMatchObject({ entries: [{ id: entry.id, ...facts }], total: 1, limit: 50, offset: 0 });
    expect(listed.entries[0]).not.toHaveProperty("content");
    const found = (await call("GET", `${ALL}?agent_id=fox&q=quokka&include_content=true`)).body.entries;
    expect(found).toMatchObject([{ id: entry.id, content, snippet: content, start_line: 1, end_line: 3 }]);
    expect(found[0].score).toBeGreaterThan(0);
    expect((await call("DELETE", `${ALL}/${entry.id}`)).body).toEqual({ status: "deleted" });
    expect(await statusOf("DELETE", `${ALL}/${entry.id}`)).toBe(404);
    expect(await pathsOf("agent_id=fox&q=quokka")).toEqual([]);
    expect(await pathsOf("agent_id=fox&path=animals/")).toEqual([]);
  });

  test("an entry without a path gets one, and a path is taken once for each user", async () => {
    expect((await store("Nameless.")).path).toMatch(/^memory\/\d{4}-\d\d-\d\d-[0-9a-f]{8}\.md$/);
    const entry = { agent_id: "fox", content: "Taken.", path: "taken.md" };
    expect(await statusOf("POST", ALL, entry)).toBe(201);
    const again = await call("POST", ALL, { ...entry, content: "Other." });
    expect([again.status, again.body.error.code]).toEqual([409, "ALREADY_EXISTS"]);
    expect(await statusOf("POST", ALL, { ...entry, user_id: "bob" })).toBe(201);
    const both = await Promise.all([1, 2].map(() => statusOf("POST", ALL, { ...entry, path: "race.md" })));
    expect(both.toSorted()).toEqual([201, 409]);
  });

  test("a personal entry is hidden from every other user and found by its own and by administrators", async () => {
    const mine = await store("Bob collects okapis.", { path: "okapi.md" }, as("bob"));
    expect(mine).toMatchObject({ user_id: "bob", scope: "personal" });
    for (const query of ["agent_id=fox&q=okapis", "agent_id=fox&path=okapi", "agent_id=fox&q=okapis&user_id=bob"]) {
      expect(await pathsOf(query, as("eve"))).toEqual([]);
      expect(await pathsOf(query, as("bob"))).toEqual(["okapi.md"]);
      expect(await pathsOf(query)).toEqual(["okapi.md"]);
    }
    expect(await pathsOf("q=okapis")).toEqual(["okapi.md"]);
    expect(await pathsOf("q=okapis&user_id=bob")).toEqual(["okapi.md"]);
    expect(await pathsOf("q=okapis&user_id=eve")).toEqual([]);
    expect(await statusOf("DELETE", `${ALL}/${mine.id}`, undefined, as("eve"))).toBe(404);
    expect(await statusOf("DELETE", `${ALL}/${mine.id}`, undefined, as("bob"))).toBe(200);
  });

  test("others than administrators write and delete only for themselves", async () => {
    const shared = await store("Tapirs are shared.", { path: "tapir.md" });
    expect(await pathsOf("agent_id=fox&q=tapirs", as("eve"))).toEqual(["tapir.md"]);
    expect(await statusOf("DELETE", `${ALL}/${shared.id}`, undefined, as("eve"))).toBe(403);
    const forged = { agent_id: "fox", content: "Forged.", user_id: "bob" };
    expect(await statusOf("POST", ALL, forged, as("eve"))).toBe(403);
    expect(await pathsOf("agent_id=fox&q=forged")).toEqual([]);
  });

  test("an agent that a user may not use is closed", async () => {
    const closed = await call("GET", `${ALL}?agent_id=fox`, undefined, as("mallory"));
    expect([closed.status, closed.body.error.code]).toEqual([403, "UNAUTHORIZED"]);
    expect(await statusOf("POST", ALL, { agent_id: "fox", content: "No." }, as("mallory"))).toBe(403);
    const own = await store("Narwhal.", {}, as("bob"));
    expect(await statusOf("DELETE", `${ALL}/${own.id}`, undefined, as("mallory"))).toBe(404);
  });

  test("an agent that nobody named is the one in the header, or the default", async () => {
    await store("Header lemurs.", { path: "lemur.md" }, as("bob"));
    const headers = { "X-GoClaw-Agent-Id": "fox" };
    expect(await pathsOf("q=lemurs", { ...as("bob"), headers })).toEqual(["lemur.md"]);
    expect(await pathsOf("q=lemurs", as("bob"))).toEqual([]);
    expect(await statusOf("POST", ALL, { content: "x" })).toBe(400);
    expect(await statusOf("POST", ALL, { content: "By header." }, { headers })).toBe(201);
    expect((await call("GET", `${ALL}?agentId=fox&q=lemurs`)).body.total).toBe(1);
    expect((await call("GET", `${ALL}?agent_id=wolf`)).body).toEqual({ entries: [], total: 0, limit: 50, offset: 0 });
  });

  test("bad input is refused", async () => {
    const bad = [
      { agent_id: "fox" },
      { agent_id: "fox", content: " \n" },
      { agent_id: "wolf", content: "x" },
      { agent_id: newId(), content: "x" },
      { agent_id: "fox", content: 5 },
      { agent_id: "fox", content: "x".repeat(200_001) },
      ...["../up.md", "/root.md", "a/../b.md", "a//b.md", "a\\b.md", "a\nb.md", "x".repeat(501), "."].map((path) => ({
        agent_id: "fox",
        content: "x",
        path,
      })),
    ];
    for (const body of bad) expect([body, await statusOf("POST", ALL, body)]).toEqual([body, 400]);
    expect(await statusOf("GET", `${ALL}?agent_id=fox&q=${"x".repeat(1_001)}`)).toBe(400);
    expect(await statusOf("DELETE", `${ALL}/no-uuid`)).toBe(404);
    expect(await statusOf("DELETE", `${ALL}/${newId()}`)).toBe(404);
  });

  test("pages follow each other, and odd numbers mean the default", async () => {
    for (let index = 1; index <= 5; index++) await store(`Page axolotl ${index}`, { path: `pages/${index}.md` });
    const page = (limit: string, offset: string) => pathsOf(`agent_id=fox&path=pages/&limit=${limit}&offset=${offset}`);
    expect(await page("2", "0")).toEqual(["pages/5.md", "pages/4.md"]);
    expect(await page("2", "4")).toEqual(["pages/1.md"]);
    expect(await page("x", "-1")).toHaveLength(5);
    const found = await pathsOf("agent_id=fox&q=axolotl&limit=2&offset=2");
    expect(found).toEqual(["pages/3.md", "pages/4.md"]);
    expect((await call("GET", `${ALL}?agent_id=fox&q=axolotl&limit=2`)).body.total).toBe(5);
    expect((await call("GET", `${ALL}?agent_id=fox&limit=900`)).body.limit).toBe(50);
  });

  test("a repeated call under a key stores once", async () => {
    const headers = { "Idempotency-Key": newId() };
    const body = { agent_id: "fox", content: "Once only.", path: "once.md" };
    const [first, second] = [await call("POST", ALL, body, { headers }), await call("POST", ALL, body, { headers })];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
  });

  test("every change is in the activity log", async () => {
    const { id } = await store("Logged.", { path: "logged.md" });
    await call("PUT", "/v1/agents/fox/memory/documents/logged.md", { content: "Logged again." });
    await call("PUT", "/v1/agents/fox/memory/documents/logged.md", { content: "Logged again." });
    await call("DELETE", `${ALL}/${id}`);
    const { logs } = (await call("GET", `/v1/activity?entity_type=memory&entity_id=${id}`)).body;
    const actions = ["memory.deleted", "memory.updated", "memory.created"];
    expect(logs.map(({ action }: { action: string }) => action)).toEqual(actions);
  });

  test("what an agent remembered is deleted with it", async () => {
    await call("POST", "/v1/agents", { agent_key: "hare", provider: "demo", model: "demo" });
    await call("POST", ALL, { agent_id: "hare", content: "Pangolins." });
    expect((await call("GET", `${ALL}?q=pangolins`)).body.total).toBe(1);
    expect(await statusOf("DELETE", "/v1/agents/hare")).toBe(200);
    expect((await call("GET", `${ALL}?q=pangolins`)).body).toMatchObject({ entries: [], total: 0 });
  });
});
