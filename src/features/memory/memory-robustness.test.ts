import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("a memory that meets odd input on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());
  const agent = await gateway.anAgent();
  const memory = `/v1/agents/${agent}/memory`;

  const put = (path: string, content: string, extra: object = {}) =>
    call("PUT", `${memory}/documents/${path}`, { content, ...extra });
  const search = async (query: string, extra: object = {}) => {
    const { status, body } = await call("POST", `${memory}/search`, { query, ...extra });
    expect([query, status]).toEqual([query, 200]);
    return body.results as readonly { readonly path: string; readonly snippet: string; readonly start_line: number }[];
  };
  const pathsOf = async (query: string, extra?: object) => (await search(query, extra)).map(({ path }) => path);
  const use = async (name: string, input: object, user_id = "ann"): Promise<string> => {
    model.enqueue({ toolCalls: [{ name, arguments: input }] }, { text: "done" });
    await call("POST", `/v1/agents/${agent}/wake`, { message: "go on", user_id });
    return model.requests.at(-1)?.toolResults?.[0] ?? "";
  };

  test("takes operators, quotes and punctuation in a query as text", async () => {
    await put("ticket.md", "Ticket POL-358 is about pre-edit hooks; see grammar::fa and memory:safe. Don't merge.");
    const odd = [
      "POL-358",
      "pre-edit",
      "grammar::fa",
      "memory:safe",
      'say "POL',
      "don't",
      "(ticket",
      "ticket*",
      "^ticket",
    ];
    const operators = [
      "ticket AND",
      "OR ticket",
      "NOT ticket",
      "NEAR(ticket pol, 2)",
      "ticket & | ! <-> :*",
      "-ticket",
    ];
    for (const query of [...odd, ...operators, "'; drop table memory_chunks; --ticket", "scope : ticket"]) {
      expect([query, await pathsOf(query)]).toEqual([query, ["ticket.md"]]);
    }
    for (const query of ["***", '"', "🙈", "-", "\u0000", "\ud800", "   \t."])
      expect(await search(`${query}.`)).toEqual([]);
    expect(await pathsOf(Array.from({ length: 190 }, (_, index) => `w${index}`).join(" "))).toEqual([]);
  });

  test("finds words of scripts without spaces, also single letters and parts of a query", async () => {
    await put("ja.md", "今日は成語しりとりをした");
    await put("ko.md", "오늘 끝말잇기 게임을 했다");
    await put("zh.md", "飞书的插件需要配置，他爱喝茶。");
    await put("th.md", "แมวชอบปลา");
    expect(await pathsOf("しりとり")).toEqual(["ja.md"]);
    expect(await pathsOf("끝말잇기")).toEqual(["ko.md"]);
    expect(await pathsOf("飞书插件配置")).toEqual(["zh.md"]);
    expect(await pathsOf("茶")).toEqual(["zh.md"]);
    expect(await pathsOf("ปลา")).toEqual(["th.md"]);
  });

  test("forgets the old words of a document that became shorter", async () => {
    const long = Array.from({ length: 40 }, (_, index) => `Line ${index} about wombats ${"z".repeat(60)}`).join("\n");
    await put("shrinks.md", long);
    expect((await search("wombats")).length).toBeGreaterThan(1);
    await put("shrinks.md", "Only numbats.");
    expect(await pathsOf("wombats")).toEqual([]);
    expect(await pathsOf("numbats")).toEqual(["shrinks.md"]);
    await put("shrinks.md", "");
    expect(await pathsOf("numbats")).toEqual([]);
  });

  test("keeps every line that several runs add at the same time", async () => {
    const lines = ["one", "two", "three", "four"].map((word) => `Count ${word}.`);
    const calls = lines.map((content) => ({
      name: "memory_write",
      arguments: { path: "count.md", content, append: true },
    }));
    model.enqueue({ toolCalls: calls }, { text: "done" });
    await call("POST", `/v1/agents/${agent}/wake`, { message: "go on", user_id: "ann" });
    const { content } = (await call("GET", `${memory}/documents/count.md?user_id=ann`)).body;
    expect(content.split("\n").toSorted()).toEqual(lines.toSorted());
    const versions = ["alpha", "beta", "gamma", "delta"];
    await Promise.all(versions.map((word) => put("race.md", `Version ${word}.`)));
    const { content: last } = (await call("GET", `${memory}/documents/race.md`)).body;
    const found = await Promise.all(versions.map((word) => pathsOf(word)));
    expect(versions.filter((_, index) => found[index]?.includes("race.md")).map((word) => `Version ${word}.`)).toEqual([
      last,
    ]);
  });

  test("does not store or show the same text twice", async () => {
    await use("memory_write", { content: "The boiler is serviced in March." });
    expect(await use("memory_write", { content: "The boiler is serviced in March." })).toContain(
      "You remember this already",
    );
    const { total } = (await call("GET", `/v1/memory?agent_id=${agent}&q=boiler`)).body;
    expect(total).toBe(1);
    for (const path of ["copy-a.md", "copy-b.md"]) await put(path, "Dormice sleep.");
    expect(await pathsOf("dormice")).toEqual(["copy-a.md"]);
  });

  test("splits a huge document, and finds its beginning and its end", async () => {
    const filler = "lorem".repeat(39_000);
    const { status } = await put("huge.md", `armadillo ${filler} 犰狳`);
    expect(status).toBe(200);
    const { body: chunks } = await call("GET", `${memory}/chunks?path=huge.md`);
    const lengths = chunks.map(({ text_preview }: { text_preview: string }) => text_preview.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000);
    expect(await pathsOf("armadillo")).toEqual(["huge.md"]);
    expect(await pathsOf("犰狳")).toEqual(["huge.md"]);
    expect((await put("lines.md", "\n".repeat(199_990).concat("pangolin"))).status).toBe(200);
    expect(await search("pangolin")).toMatchObject([{ path: "lines.md", start_line: 199_991 }]);
    expect((await use("memory_write", { path: "huge.md", content: "x".repeat(150_000) })).startsWith("Wrote")).toBe(
      true,
    );
    const more = { path: "huge.md", content: "x".repeat(60_000), append: true };
    expect(await use("memory_write", more)).toContain("would become too large");
  });

  test("stores characters that a database refuses in a form that it takes", async () => {
    await put("odd.md", "nul \u0000 and half \ud83d of a pair, aardwolf");
    const { content } = (await call("GET", `${memory}/documents/odd.md`)).body;
    expect(content).toBe("nul  and half \ufffd of a pair, aardwolf");
    expect(await pathsOf("aardwolf")).toEqual(["odd.md"]);
  });

  test("keeps users apart whose ids contain each other or look alike", async () => {
    const users = ["test_user", "test_user1", "Test_User", "test user", "user:test_user"];
    for (const user_id of users) await put("secret.md", `Secret of ${user_id}: echidna.`, { user_id });
    for (const user_id of users) {
      const found = await search("echidna", { user_id });
      expect(found.map(({ snippet }) => snippet)).toEqual([`Secret of ${user_id}: echidna.`]);
      expect(await use("memory_search", { query: "echidna" }, user_id)).toContain(`Secret of ${user_id}: echidna.`);
    }
    expect(await pathsOf("echidna", { user_id: "test" })).toEqual([]);
  });
});
