import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { type ChatGateway, PROVIDER_KEY, startChatGateway } from "#testing/chat-fixture.ts";
import { scriptEmbeddings } from "#testing/model-server/embeddings.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const MEANINGS = [
  ["cat", "kitten", "feline"],
  ["drinks", "beverages"],
  ["holiday", "vacation"],
];

interface Passage {
  readonly path: string;
  readonly score: number;
  readonly scope: string;
}

describe.each([...testDialects()])("memory with vectors on %s", async (dialect) => {
  const gateway: ChatGateway = await startChatGateway({ dialect, wires: ["openai"] });
  afterAll(() => gateway.stop());
  const { call, model, anAgent } = gateway;
  const embeddings = scriptEmbeddings(MEANINGS);
  model.route("/embeddings", embeddings.answer);
  const base = `${model.url}/v1`;
  const provider = (
    await call("POST", "/v1/providers", {
      name: "vectors",
      provider_type: "openai_compat",
      api_base: base,
      api_key: PROVIDER_KEY,
      settings: { embedding: { enabled: true, model: "small" } },
    })
  ).body;
  const setEmbedding = (embedding: object) => call("PUT", `/v1/providers/${provider.id}`, { settings: { embedding } });
  beforeEach(async () => {
    embeddings.fail = undefined;
    embeddings.requests.length = 0;
    embeddings.models.length = 0;
    await setEmbedding({ enabled: true, model: "small" });
  });

  const write = (agent: string, path: string, content: string, user?: string) =>
    call("PUT", `/v1/agents/${agent}/memory/documents/${path}`, { content, ...(user && { user_id: user }) });
  const search = async (agent: string, query: string, extra: object = {}): Promise<readonly Passage[]> =>
    (await call("POST", `/v1/agents/${agent}/memory/search`, { query, ...extra })).body.results;
  const pathsOf = async (agent: string, query: string, extra: object = {}) =>
    (await search(agent, query, extra)).map(({ path }) => path);
  const embeddedIn = async (agent: string, path: string): Promise<number> =>
    (await call("GET", `/v1/agents/${agent}/memory/documents/${path}`)).body.embedded_count;
  const until = async (condition: () => Promise<boolean>) => {
    while (!(await condition())) await Bun.sleep(10);
  };
  const untilEmbedded = (agent: string, path: string) => until(async () => (await embeddedIn(agent, path)) > 0);

  test("a search finds what is meant in other words", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await write(agent, "tea.md", "Minh likes oolong.");
    await untilEmbedded(agent, "pets.md");
    expect(await pathsOf(agent, "feline")).toEqual(["pets.md"]);
    expect(await pathsOf(agent, "unrelated nonsense")).toEqual([]);
    const listed = (await call("GET", `/v1/memory?agent_id=${agent}&q=feline`)).body;
    expect(listed.entries).toMatchObject([{ path: "pets.md", snippet: "Lan has a kitten." }]);
    const chunks = (await call("GET", `/v1/agents/${agent}/memory/chunks?path=pets.md`)).body;
    expect(chunks).toMatchObject([{ has_embedding: true }]);
  });

  test("nobody finds the personal entry of another user by its meaning", async () => {
    const agent = await anAgent();
    await write(agent, "secret.md", "Bob buries the kitten.", "bob");
    await write(agent, "open.md", "All like the kitten.");
    await until(async () => (await pathsOf(agent, "feline", { user_id: "bob" })).length === 2);
    expect(await pathsOf(agent, "feline", { user_id: "eve" })).toEqual(["open.md"]);
    const other = await anAgent();
    await write(other, "own.md", "Nothing here.");
    await untilEmbedded(other, "own.md");
    expect(await pathsOf(other, "feline")).toEqual([]);
  });

  test("of equal passages, the user's own comes first", async () => {
    const agent = await anAgent();
    await write(agent, "shared.md", "The kitten sleeps.");
    await write(agent, "own.md", "A kitten sleeps. ", "bob");
    await until(async () => (await search(agent, "feline", { user_id: "bob" })).length === 2);
    const [first, second] = await search(agent, "feline", { user_id: "bob" });
    expect([first?.path, first?.scope, second?.path]).toEqual(["own.md", "personal", "shared.md"]);
  });

  test("both kinds of likeness count by their weights", async () => {
    const agent = await anAgent("openai", { memory_config: { enabled: true, vector_weight: 1, text_weight: 0 } });
    await write(agent, "pets.md", "feline");
    await untilEmbedded(agent, "pets.md");
    const [byMeaning] = await search(agent, "feline");
    expect(byMeaning?.score).toBeCloseTo(1, 5);
    await call("PUT", `/v1/agents/${agent}`, { memory_config: { enabled: true, vector_weight: 0, text_weight: 1 } });
    const asked = embeddings.requests.length;
    const [byWords] = await search(agent, "feline");
    expect([byWords?.score === byMeaning?.score, embeddings.requests.length]).toEqual([false, asked]);
    expect(await pathsOf(agent, "kitten")).toEqual([]);
    await call("PUT", `/v1/agents/${agent}`, { memory_config: { enabled: true, vector_weight: 3, text_weight: 1 } });
    const [both] = await search(agent, "feline");
    expect(both?.score).toBeCloseTo(0.75 + 0.25 * (byWords?.score ?? 0), 5);
  });

  test.each([
    ["is down", { status: 500, body: { error: { message: "down" } } }],
    ["refuses its key", { status: 401, body: { error: { message: "no" } } }],
    ["sends no vector", { status: 200, body: { data: [] } }],
  ])("a search goes on with words while the provider %s, and with vectors once it works", async (state, failure) => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    embeddings.fail = () => failure;
    expect(await pathsOf(agent, `kitten, ${state}`)).toEqual(["pets.md"]);
    const asked = embeddings.requests.length;
    expect(await pathsOf(agent, `a feline, ${state}`)).toEqual(["pets.md"]);
    expect(await pathsOf(agent, `feline ${state}`)).toEqual([]);
    // A provider that failed has a pause, so that searches do not wait for it again and again.
    expect(embeddings.requests.length).toBe(asked);
    embeddings.fail = undefined;
    await call("PUT", `/v1/providers/${provider.id}`, { display_name: `mended: it ${state}` });
    await until(async () => (await pathsOf(agent, `feline ${state}`)).length === 1);
  });

  test("vectors that are none, or of another size, find nothing and break nothing", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    for (const embedding of [[0, 0, 0], [1, 2], new Array(4_000).fill(0.5)]) {
      embeddings.fail = () => ({ status: 200, body: { data: [{ index: 0, embedding }] } });
      expect(await pathsOf(agent, `feline of size ${embedding.length}`)).toEqual([]);
      expect(await pathsOf(agent, `kitten of size ${embedding.length}`)).toEqual(["pets.md"]);
    }
  });

  test(
    "what could not be embedded is embedded later",
    async () => {
      const agent = await anAgent();
      let refusals = 1;
      embeddings.fail = () => (refusals-- > 0 ? { status: 503, body: { error: { message: "busy" } } } : undefined);
      await write(agent, "pets.md", "Lan has a kitten.");
      expect(await pathsOf(agent, "Lan")).toEqual(["pets.md"]);
      await untilEmbedded(agent, "pets.md");
      expect(refusals).toBeLessThanOrEqual(0);
    },
    TIMEOUT,
  );

  test("a text that the provider refuses keeps no other from its vector", async () => {
    const agent = await anAgent();
    embeddings.fail = (texts) =>
      texts.some((text) => text.includes("forbidden"))
        ? { status: 400, body: { error: { message: "no" } } }
        : undefined;
    await write(
      agent,
      "book.md",
      `A kitten.\n${"x ".repeat(400)}\n\nforbidden words\n${"y ".repeat(400)}\n\nvacation plans`,
    );
    await until(async () => (await pathsOf(agent, "holiday")).length === 1);
    await until(async () => (await embeddedIn(agent, "book.md")) === 3);
    expect(await pathsOf(agent, "forbidden")).toEqual(["book.md"]);
  });

  test("another model, or another size, has every vector computed anew", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Mio has a kitten.");
    await untilEmbedded(agent, "pets.md");
    const change = async (request: () => Promise<unknown>) => {
      await request();
      await until(async () => (await pathsOf(agent, "feline")).length === 1);
      expect(await embeddedIn(agent, "pets.md")).toBe(1);
    };
    await change(() => setEmbedding({ enabled: true, model: "large" }));
    await change(() => setEmbedding({ enabled: true, model: "large", dimensions: 1_536 }));
    await change(() => setEmbedding({ enabled: true, model: "large" }));
    const memory_config = { enabled: true, embedding_model: "own" };
    await change(() => call("PUT", `/v1/agents/${agent}`, { memory_config }));
    const asked = embeddings.requests.flatMap((texts, index) =>
      texts.includes("Mio has a kitten.") ? embeddings.models[index] : [],
    );
    expect(asked).toEqual(["small", "large", "large", "large", "own"]);
  });

  test("vectors of an earlier model are compared with nothing", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    embeddings.fail = (texts) =>
      texts.includes("Lan has a kitten.") ? { status: 503, body: { error: { message: "busy" } } } : undefined;
    await setEmbedding({ enabled: true, model: "other" });
    expect([await pathsOf(agent, "feline, later"), await embeddedIn(agent, "pets.md")]).toEqual([[], 0]);
    expect(await pathsOf(agent, "kitten, later")).toEqual(["pets.md"]);
  });

  test(
    "a search waits shortly for a provider that does not answer",
    async () => {
      const agent = await anAgent();
      await write(agent, "pets.md", "Lan has a kitten.");
      await untilEmbedded(agent, "pets.md");
      const held = Promise.withResolvers<{ readonly status: number; readonly body: unknown }>();
      embeddings.fail = () => held.promise;
      expect(await pathsOf(agent, "kitten, slowly")).toEqual(["pets.md"]);
      held.resolve({ status: 500, body: {} });
    },
    TIMEOUT,
  );

  test("exact words are found whatever they mean, in every language", async () => {
    const agent = await anAgent();
    await write(
      agent,
      "code.md",
      `The job retryFailedWebhooks runs hourly. ${"It has many other words besides. ".repeat(15)}`,
    );
    await write(agent, "zh.md", "王小明喜欢喝绿茶。");
    await write(agent, "vi.md", "Nguyễn Thị Lan dị ứng với đậu phộng 🥜.");
    for (const path of ["code.md", "zh.md", "vi.md"]) await untilEmbedded(agent, path);
    expect(await pathsOf(agent, "retry_failed_webhooks")).toEqual(["code.md"]);
    expect(await pathsOf(agent, "绿茶")).toEqual(["zh.md"]);
    expect(await pathsOf(agent, "nguyen thi lan")).toEqual(["vi.md"]);
  });

  test("a run finds what is meant, and its trace has the call", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    model.enqueue({ toolCalls: [{ name: "memory_search", arguments: { query: "whose feline" } }] }, { text: "Lan's." });
    const { run_id } = (await call("POST", `/v1/agents/${agent}/wake`, { message: "Whose is it?" })).body;
    expect(JSON.stringify(gateway.lastTurns())).toContain("pets.md");
    const trace = (await call("GET", `/v1/runs/${run_id}`)).body.trace_id;
    const spansOf = async () => (await call("GET", `/v1/traces/${trace}`)).body.spans ?? [];
    const isEmbedding = (span: { span_type: string }) => span.span_type === "embedding";
    await until(async () => (await spansOf()).some(isEmbedding));
    const [span] = (await spansOf()).filter(isEmbedding);
    expect(span).toMatchObject({ provider: "vectors", model: "small", status: "completed" });
  });

  test.each([
    [{ embedding_api_base: "http://10.0.0.1/v1" }, "provider"],
    [{ vector_weight: -1 }, "vector_weight"],
    [{ max_chunk_len: "long" }, "max_chunk_len"],
    [{ embedding_model: "../up" }, "embedding_model"],
  ])("the setting %j is refused in words", async (memory_config, word) => {
    const agent = await anAgent();
    const { status, body } = await call("PUT", `/v1/agents/${agent}`, { memory_config });
    expect([status, JSON.stringify(body).includes(word)]).toEqual([400, true]);
  });

  test("an agent may split its documents finer, without repeating anything", async () => {
    const memory_config = { enabled: true, max_chunk_len: 200, chunk_overlap: 0 };
    const [fine, usual] = [await anAgent("openai", { memory_config }), await anAgent()];
    const lines = Array.from({ length: 20 }, (_, line) => `Line ${line} says something of its own.`);
    for (const agent of [fine, usual]) await write(agent, "lines.md", lines.join("\n"));
    const chunksOf = async (agent: string): Promise<readonly { readonly text_preview: string }[]> =>
      (await call("GET", `/v1/agents/${agent}/memory/chunks?path=lines.md`)).body;
    const texts = (await chunksOf(fine)).map(({ text_preview }) => text_preview);
    expect(texts.join("\n")).toBe(lines.join("\n"));
    expect([texts.every((text) => text.length <= 200), (await chunksOf(usual)).length]).toEqual([true, 1]);
  });

  test("without a provider for embeddings, a search compares words and nobody is asked", async () => {
    await setEmbedding({ enabled: false });
    const agent = await anAgent();
    await write(agent, "pets.md", "Tam has a kitten.");
    expect([await pathsOf(agent, "kitten"), await pathsOf(agent, "feline")]).toEqual([["pets.md"], []]);
    const texts = embeddings.requests.flat();
    expect([await embeddedIn(agent, "pets.md"), texts.includes("Tam has a kitten.")]).toEqual([0, false]);
    // Documents from that time get their vectors as soon as there is a provider.
    await setEmbedding({ enabled: true, model: "small" });
    await untilEmbedded(agent, "pets.md");
  });

  test("a replaced or deleted document is found no more", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    await write(agent, "pets.md", "Lan has a vacation.");
    await until(async () => (await pathsOf(agent, "holiday")).length === 1);
    expect(await pathsOf(agent, "feline")).toEqual([]);
    await call("DELETE", `/v1/agents/${agent}/memory/documents/pets.md`);
    expect(await pathsOf(agent, "holiday")).toEqual([]);
  });

  test("a query is embedded once, and what it used is counted", async () => {
    const agent = await anAgent();
    await write(agent, "pets.md", "Lan has a kitten.");
    await untilEmbedded(agent, "pets.md");
    for (let times = 0; times < 3; times++) await search(agent, "fluffy feline");
    expect(embeddings.requests.filter((texts) => texts.includes("fluffy feline"))).toHaveLength(1);
    const { id } = (await call("GET", `/v1/agents/${agent}`)).body;
    const tokens = async () =>
      (await call("GET", `/v1/usage/summary?agent_id=${id}`)).body.current.input_tokens as number;
    await until(async () => (await tokens()) === 20);
  });
});
