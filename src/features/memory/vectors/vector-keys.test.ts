import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { scriptEmbeddings } from "#testing/model-server/embeddings.ts";
import { testDialects } from "#testing/test-database.ts";

const KEYS = ["key-number-one", "key-number-two", "key-number-three"] as const;
const [FIRST, SECOND, THIRD] = KEYS;
const said = (status: number, message = "no") => ({ status, body: { error: { message } } });

describe.each([...testDialects()])("embeddings of a provider with several keys on %s", async (dialect) => {
  const gateway = await startChatGateway({
    dialect,
    wires: ["openai"],
    env: { GOCLAW_MODELS_MAX_ATTEMPTS: "2" },
  });
  afterAll(() => gateway.stop());
  const { call, model, anAgent } = gateway;
  const embeddings = scriptEmbeddings([["cat", "kitten", "feline"]]);
  const used: string[] = [];
  let refused: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {};
  model.route("/embeddings", (request) => {
    const key = request.headers.authorization?.replace("Bearer ", "") ?? "";
    used.push(key);
    return refused[key] ?? embeddings.answer(request);
  });
  beforeEach(() => {
    refused = {};
  });
  let providers = 0;
  /** Creates a provider with three keys, and an agent whose memory it embeds. */
  const aMemory = async () => {
    const name = `vectors-${++providers}`;
    const { id } = (
      await call("POST", "/v1/providers", {
        ...{ name, provider_type: "openai_compat", api_base: `${model.url}/v1` },
        ...{ api_key: FIRST, api_keys: [SECOND, THIRD] },
        settings: { embedding: { enabled: true, model: "small" } },
      })
    ).body;
    const memory_config = { enabled: true, embedding_provider: name };
    used.length = 0;
    return { id, name, agent: await anAgent("openai", { memory_config }) };
  };
  const write = async (agent: string) => {
    const path = `/v1/agents/${agent}/memory/documents/pets.md`;
    await call("PUT", path, { content: "Lan has a kitten." });
    while ((await call("GET", path)).body.embedded_count === 0) await Bun.sleep(5);
  };
  const search = async (agent: string, query: string): Promise<readonly string[]> => {
    const { results } = (await call("POST", `/v1/agents/${agent}/memory/search`, { query })).body;
    return results.map(({ path }: { path: string }) => path);
  };

  test("uses them in turn", async () => {
    const { agent } = await aMemory();
    await write(agent);
    for (const query of ["feline", "felines", "a feline"]) await search(agent, query);
    expect(used).toEqual([FIRST, SECOND, THIRD, FIRST]);
  });

  test.each([
    ["is refused", said(401)],
    ["is limited", said(429)],
    ["is out of credit", said(402)],
  ])("goes on at once with the next key if one %s, and passes it over afterwards", async (_, refusal) => {
    const { agent } = await aMemory();
    refused = { [FIRST]: refusal };
    await write(agent);
    expect(await search(agent, "feline")).toEqual(["pets.md"]);
    expect(await search(agent, "my feline")).toEqual(["pets.md"]);
    expect(used).toEqual([FIRST, SECOND, SECOND, THIRD]);
  });

  test("a search finds what is meant even if two of three keys are dead", async () => {
    const { agent } = await aMemory();
    await write(agent);
    refused = { [SECOND]: said(401), [THIRD]: said(403, "invalid api key") };
    expect(await search(agent, "feline")).toEqual(["pets.md"]);
    expect(used).toEqual([FIRST, SECOND, THIRD, FIRST]);
  });

  test("makes no second attempt with another key for what no key can change", async () => {
    const { agent } = await aMemory();
    await write(agent);
    refused = { [SECOND]: said(400) };
    expect(await search(agent, "feline")).toEqual([]);
    expect(used).toEqual([FIRST, SECOND]);
  });

  test("repeats a call that failed for a moment", async () => {
    const { agent } = await aMemory();
    await write(agent);
    let failures = 0;
    embeddings.fail = () => (failures++ === 0 ? said(503) : undefined);
    expect(await search(agent, "feline")).toEqual(["pets.md"]);
    expect(failures).toBe(2);
    embeddings.fail = undefined;
  });

  test("a key that may not embed is good for chats all the same", async () => {
    const { agent, name } = await aMemory();
    refused = { [FIRST]: said(401) };
    await write(agent);
    const chatting = await anAgent("openai", { provider: name });
    const keys = new Set<string>();
    model.script(({ headers }) => {
      keys.add(headers.authorization?.replace("Bearer ", "") ?? "");
      return { text: "well" };
    });
    for (let calls = 0; calls < 3; calls++) await call("POST", `/v1/agents/${chatting}/wake`, { message: "hi" });
    expect(keys).toEqual(new Set(KEYS));
  });

  test("a verification tries each key and names the one that fails, and brings back the others", async () => {
    const { agent, id } = await aMemory();
    refused = { [SECOND]: said(401, `what is ${SECOND}?`) };
    const verdict = (await call("POST", `/v1/providers/${id}/verify-embedding`, {})).body;
    expect(verdict).toMatchObject({ valid: false, key_number: 2, provider_message: "what is [REDACTED]?" });
    refused = { [FIRST]: said(401) };
    await write(agent);
    refused = {};
    expect((await call("POST", `/v1/providers/${id}/verify-embedding`, {})).body).toEqual({
      valid: true,
      dimensions: expect.any(Number),
    });
    used.length = 0;
    for (const query of ["one", "two", "three"]) await search(agent, query);
    expect(new Set(used)).toEqual(new Set(KEYS));
  });
});
