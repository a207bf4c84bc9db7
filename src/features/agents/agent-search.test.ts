import { afterAll, describe, expect, test } from "bun:test";
import { newId } from "#base/ids.ts";
import { OWNER } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("a search for agents on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const aName = () => `a-${newId()}`;
  const create = (input: object, options: object = {}) =>
    call("POST", "/v1/agents", { provider: "demo", model: "demo", ...input }, options);

  test("finds a part of the key, name, model, provider or owner, within what the caller may use", async () => {
    const user = `user-${aName()}`;
    const [first, second, third] = [aName(), aName(), aName()];
    const names = { display_name: "Lễ tân Đà Nẵng", frontmatter: "unsought" };
    await create({ agent_key: first, model: "gemini-search-me", ...names }, { user });
    await create({ agent_key: second, provider: "zebra", display_name: "50 % *off*" }, { user });
    await create({ agent_key: third, display_name: "Lễ tân of another" });
    const search = async (q: string, options: object = { user }) =>
      (await call("GET", `/v1/agents?q=${encodeURIComponent(q)}`, undefined, options)).body.agents.map(
        (agent: { agent_key: string }) => agent.agent_key,
      );
    for (const q of [first.toUpperCase(), "le tan", "ĐÀ NẴNG", "Search-Me", " lễ "])
      expect(await search(q)).toEqual([first]);
    for (const q of ["ZEB", "% *O"]) expect(await search(q)).toEqual([second]);
    expect(await search(user)).toEqual([second, first]);
    expect(await search("le tan", OWNER)).toEqual([third, first]);
    for (const q of ["unsought", "l* tan", third]) expect(await search(q)).toEqual([]);
    const pages = await call("GET", `/v1/agents?q=${user}&limit=1&offset=1`, undefined, { user });
    expect(pages.body.agents.map((agent: { agent_key: string }) => agent.agent_key)).toEqual([first]);
    expect((await call("GET", `/v1/agents?q=${"x".repeat(201)}`)).status).toBe(400);
  });

  test.each([
    ["Czech and Vietnamese", "ÀŽẠỸ ơƯ", "azay ou"],
    ["Romanian", "Ștțș", "stts"],
    ["Greek", "Άώ", "αω"],
    ["Cyrillic", "ЙЁџ", "иеЏ"],
  ])("takes letters of %s with and without their accents for the same", async (_, name, plain) => {
    const agent_key = aName();
    await create({ agent_key, display_name: name });
    const { agents } = (await call("GET", `/v1/agents?q=${encodeURIComponent(plain)}`, undefined, OWNER)).body;
    expect(agents.map((agent: { agent_key: string }) => agent.agent_key)).toEqual([agent_key]);
  });
});
