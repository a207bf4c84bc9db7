import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { anAllowedSite, callTool, createNames, startForbiddenServer } from "#testing/egress-sink-fixture.ts";

describe("a search engine", async () => {
  const canary = await startForbiddenServer();
  const visits: string[] = [];
  const site = await anAllowedSite(({ url = "" }, response) => {
    visits.push(url);
    if (url.startsWith("/here/")) return response.end(`<a class="result__a" href="https://one.example/">One</a>`);
    const location = url.startsWith("/away/") ? `http://127.0.0.1:${canary.port}/` : "/here/";
    return response.writeHead(307, { location }).end();
  });
  const { resolve } = createNames();
  const withEngine = (base: string) =>
    startChatGateway({
      resolve,
      allowHosts: [site.host],
      wires: ["openai"],
      env: { GOCLAW_TOOLS_WEB_SEARCH: JSON.stringify({ duckduckgo_base: base }) },
    });
  /** Returns the tool result that the model gets for a search with the engine at this address. */
  async function search(base: string, query: string) {
    const gateway = await withEngine(base.replace("PORT", String(canary.port)));
    const result = await callTool(gateway, "web_search", { query });
    await gateway.stop();
    return result;
  }
  afterAll(() => {
    canary.stop();
    site.stop();
  });

  test.each([
    ...["http://127.0.0.1:PORT", "http://localhost:PORT", "http://[::1]:PORT", "http://loopback.test:PORT"],
    ...["http://mixed.test:PORT", "http://sub.allowed.test:PORT", "http://169.254.169.254", "http://localhost:11434"],
  ])("at %p is not called if the operator does not allow its address", async (base) => {
    expect(await search(base, "q")).toMatchObject({
      isRefused: true,
      words: "The search engine duckduckgo could not be asked: this address is not allowed.",
    });
    expect(canary.state.hits).toBe(0);
  });

  test.each(["away", "round"])("that redirects (%s) is not followed, not even to an allowed address", async (path) => {
    visits.length = 0;
    expect(await search(`${site.url}${path}`, "q")).toMatchObject({
      isRefused: true,
      words: "The search engine duckduckgo could not be asked: the redirect was not followed.",
    });
    expect(visits).toEqual([`/${path}/html/?q=q`]);
    expect(canary.state.hits).toBe(0);
  });

  test("is called at its own address for every query", async () => {
    visits.length = 0;
    const query = `http://127.0.0.1:${canary.port}/#`;
    expect(await search(`${site.url}here`, query)).toMatchObject({ isRefused: false });
    expect(visits).toEqual([`/here/html/?${new URLSearchParams({ q: query })}`]);
    expect(canary.state.hits).toBe(0);
  });
});
