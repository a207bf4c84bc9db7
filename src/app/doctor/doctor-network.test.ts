import { expect, onTestFinished, test } from "bun:test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { addProvider, aSite, aUsedSite, create, examine, start } from "#app/doctor/doctor-fixture.ts";
import { startModelServer } from "#testing/model-server.ts";

const TIMEOUT = 60_000;

test(
  "a refused API key is a problem for every way to send keys, and no model is called",
  async () => {
    const model = await startModelServer();
    onTestFinished(() => model.stop());
    const keys: unknown[] = [];
    model.route("/models", ({ path, headers }) => {
      const key = headers.authorization ?? headers["x-api-key"] ?? headers["x-goog-api-key"];
      keys.push(key);
      if (path.startsWith("/odd")) return { status: 400, body: {} };
      return String(key).endsWith("sk-right") ? { body: { data: [] } } : { status: 401, body: {} };
    });
    const host = `127.0.0.1:${model.port}`;
    const api_base = `http://${host}/v1`;
    const providers = [
      { name: "right", api_base, api_key: "sk-right" },
      { name: "wrong", api_base, api_key: "sk-wrong" },
      { name: "claude", provider_type: "anthropic_native", api_base, api_key: "sk-wrong" },
      { name: "gemini", provider_type: "gemini_native", api_base, api_key: "sk-wrong" },
      { name: "none", api_base, api_key: "" },
      { name: "odd", api_base: `http://${host}/odd` },
      { name: "sonar", provider_type: "perplexity", api_base },
    ];
    const { lines, exitCode } = await examine(await aUsedSite(providers, host), { GOCLAW_EGRESS_ALLOW_HOSTS: host });
    expect(lines.filter((line) => /^. providers/.test(line)).sort()).toEqual([
      `✓ providers  demo: the built-in demo model`,
      `✓ providers  odd: ${host} answers`,
      `✓ providers  right: ${host} answers`,
      `✓ providers  sonar: ${host} answers`,
      `✗ providers  claude: ${host} refuses its API key (401)`,
      `✗ providers  gemini: ${host} refuses its API key (401)`,
      `✗ providers  none: ${host} asks for an API key (401)`,
      `✗ providers  wrong: ${host} refuses its API key (401)`,
    ]);
    expect(lines).toContain("             → Set the right one with PUT /v1/providers/{id}.");
    expect(lines.join("\n")).not.toContain("sk-");
    expect([exitCode, model.requests, keys.length]).toEqual([1, [], 6]);
  },
  TIMEOUT,
);

test(
  "names that do not resolve are reported, including those of search engines",
  async () => {
    const search = { tavily_api_key: "tvly-planted", tavily_base: "https://search.invalid" };
    const env = { GOCLAW_TOOLS_WEB_SEARCH: JSON.stringify(search), HTTPS_PROXY: "http://127.0.0.1:9" };
    const { lines, exitCode } = await examine(await aUsedSite(), env);
    expect(lines).toContain("✗ network    names that do not resolve: search.invalid");
    expect(lines).toContain("✓ network    no proxy is set (egress.proxy); HTTPS_PROXY is not used");
    expect(lines.join("\n")).not.toContain("planted");
    expect(exitCode).toBe(1);
  },
  TIMEOUT,
);

test(
  "names that are refused without a lookup are not reported as resolved",
  async () => {
    const [site, key] = [await aUsedSite(), { tavily_api_key: "tvly-planted" }];
    const networkOf = async (search: object) => {
      const { lines } = await examine(site, { GOCLAW_TOOLS_WEB_SEARCH: JSON.stringify({ ...key, ...search }) });
      return lines.filter((line) => line.includes(" network "))[0];
    };
    const refused = { tavily_base: "https://search.internal", exa_base: "https://search.local" };
    expect(await networkOf(refused)).toBe("✓ network    no provider or search engine with a name to resolve is set up");
    const both = await networkOf({ ...refused, brave_base: "https://search.invalid" });
    expect(both).toBe("✗ network    names that do not resolve: search.invalid");
  },
  TIMEOUT,
);

test(
  "providers are tried in batches, and those of other tenants are reported with their tenant",
  async () => {
    let [open, maxOpen] = [0, 0];
    const model = createServer((_, response) => {
      maxOpen = Math.max(maxOpen, ++open);
      setTimeout(() => {
        open--;
        response.end('{"data":[]}');
      }, 50);
    });
    await new Promise<void>((resolve) => model.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void model.close());
    const host = `127.0.0.1:${(model.address() as AddressInfo).port}`;
    const allowed = { GOCLAW_EGRESS_ALLOW_HOSTS: host };
    const site = await aSite();
    await start(site, allowed);
    await create(site, "/v1/tenants", { name: "Acme", slug: "acme" });
    const api_base = `http://${host}/v1`;
    for (let index = 0; index < 51; index++) await addProvider(site, { name: `p${index}`, api_base });
    await addProvider(site, { name: "theirs", api_base }, { "X-GoClaw-Tenant-Id": "acme" });
    const { lines } = await examine(site, allowed);
    expect(lines.filter((line) => line.endsWith(`${host} answers`))).toHaveLength(52);
    expect(lines).toContain(`✓ providers  theirs of tenant acme: ${host} answers`);
    expect(lines).toContain(`✓ providers  p0: ${host} answers`);
    expect(maxOpen).toBeLessThanOrEqual(50);
  },
  TIMEOUT,
);

test(
  "the proxy is tried, and its password is not shown",
  async () => {
    const proxy = createServer((_, response) => response.writeHead(400).end());
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const site = await aUsedSite();
    const through = (place: string) => examine(site, { GOCLAW_EGRESS_PROXY: `http://ana:planted@${place}` });
    const there = await through(`127.0.0.1:${port}`);
    expect(there.lines).toContain(`✓ network    the proxy 127.0.0.1:${port} answers`);
    const gone = await through("127.0.0.1:1");
    expect(gone.lines).toContain("✗ network    the proxy 127.0.0.1:1 cannot be reached (connect)");
    expect([there.exitCode, gone.exitCode]).toEqual([0, 1]);
    expect([...there.lines, ...gone.lines].join("\n")).not.toContain("planted");
  },
  TIMEOUT,
);
