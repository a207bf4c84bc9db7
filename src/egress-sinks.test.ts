import { afterAll, describe, expect, test } from "bun:test";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type ChatGateway, startChatGateway } from "#testing/chat-fixture.ts";
import type { ReplyFunction } from "#testing/model-server.ts";

/** A server that nobody may reach, and how often somebody did. */
async function aCanary() {
  const state = { hits: 0 };
  const server = createServer((_, response) => response.end("secret"));
  server.on("connection", () => state.hits++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, state, stop: () => server.close() };
}

/** A site that sends its visitors on to what their query names, or so many times to itself and then to a page. */
async function aRedirectingSite() {
  const server = createServer(({ url = "/" }, response) => {
    const { searchParams } = new URL(url, "http://site");
    const left = Number(searchParams.get("times") ?? 0);
    const target = searchParams.get("to") ?? (left > 0 ? `/?times=${left - 1}` : undefined);
    if (target !== undefined) response.writeHead(302, { location: target }).end();
    else response.writeHead(200, { "content-type": "text/plain" }).end("arrived");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://allowed.test:${port}/`, stop: () => server.close() };
}

/** The names of the tests; `flips.test` is public when it is first asked for and private from then on. */
function createNames() {
  let asked = 0;
  const names: Readonly<Record<string, () => readonly string[]>> = {
    "private.test": () => ["10.0.0.5"],
    "loopback.test": () => ["127.0.0.1"],
    "mixed.test": () => ["8.8.8.8", "127.0.0.1"],
    "mapped.test": () => ["::ffff:127.0.0.1"],
    "metadata.test": () => ["169.254.169.254"],
    "public.test": () => ["8.8.8.8"],
    "flips.test": () => (asked++ === 0 ? ["8.8.8.8"] : ["127.0.0.1"]),
    "allowed.test": () => ["127.0.0.1"],
    "allowed.test.evil.test": () => ["127.0.0.1"],
    "evil-allowed.test": () => ["127.0.0.1"],
    "sub.allowed.test": () => ["127.0.0.1"],
    "allowed.test.": () => ["127.0.0.1"],
  };
  return async (hostname: string) => names[hostname]?.() ?? [];
}

const REFUSED: readonly string[] = [
  ...["http://127.0.0.1:PORT", "http://localhost:PORT", "http://localhost.:PORT", "http://[::1]:PORT"],
  ...["http://0.0.0.0:PORT", "http://[::]:PORT", "http://127.1:PORT", "http://2130706433:PORT", "http://0x7f.1:PORT"],
  ...["http://0177.0.0.1:PORT", "http://10.0.0.1", "http://172.16.0.1", "http://192.168.0.1", "http://169.254.1.1"],
  ...["http://100.64.0.1", "http://[fc00::1]", "http://[fe80::1]", "http://224.0.0.1", "http://255.255.255.255"],
  ...["http://[::ffff:127.0.0.1]:PORT", "http://[::ffff:7f00:1]:PORT", "http://[::127.0.0.1]:PORT"],
  ...["http://[64:ff9b::7f00:1]:PORT", "http://[64:ff9b:1::7f00:1]:PORT", "http://[2002:7f00:1::]:PORT"],
  ...["http://[2001:0:7f00:1::]:PORT", "http://[2001:db8:0:0:0:5efe:7f00:1]:PORT"],
  ...["http://169.254.169.254/latest/meta-data", "http://metadata.google.internal", "http://[fd00:ec2::254]"],
  ...["http://100.100.100.200", "http://168.63.129.16", "http://metadata.test"],
  ...["http://private.test", "http://loopback.test:PORT", "http://mixed.test:PORT", "http://mapped.test:PORT"],
  ...["http://allowed.test.evil.test:PORT", "http://evil-allowed.test:PORT", "http://sub.allowed.test:PORT"],
  ...["http://allowed.test.:PORT", "http://allowed.test:1", "http://printer.local", "http://db.internal"],
  ...["http://user:pass@127.0.0.1:PORT", "file:///etc/passwd", "ftp://127.0.0.1:PORT", "gopher://127.0.0.1:PORT"],
  ...["blob:http://127.0.0.1:PORT/1", "ws://127.0.0.1:PORT", "unix:/run/docker.sock", "jar:http://127.0.0.1:PORT!/a"],
  ...["javascript:alert(1)", "about:blank", "//127.0.0.1:PORT", "http://"],
];

const REDIRECT_TARGETS: readonly string[] = [
  ...["http://127.0.0.1:PORT", "http://localhost:PORT", "//127.0.0.1:PORT/", "http://[::1]:PORT", "http://127.1:PORT"],
  ...["http://[::ffff:127.0.0.1]:PORT", "http://loopback.test:PORT", "http://mixed.test:PORT", "http://private.test"],
  ...["http://169.254.169.254/latest/meta-data", "http://sub.allowed.test:PORT", "http://user:pass@127.0.0.1:PORT"],
  ...["file:///etc/passwd", "ftp://127.0.0.1:PORT", "javascript:alert(1)", "data:text/plain,secret"],
];

/** What a caller or a model was answered. */
interface Refusal {
  readonly isRefused: boolean;
  readonly words: string;
}

interface Sink {
  readonly name: string;
  readonly send: (gateway: ChatGateway, url: string) => Promise<Refusal>;
}

const provider = { provider_type: "openai_compat", api_key: "sk-test" };

/** Every place where somebody outside names a URL that the gateway calls. */
const SINKS: readonly Sink[] = [
  {
    name: "the base of a new provider",
    send: async ({ call }, api_base) =>
      toRefusal(await call("POST", "/v1/providers", { ...provider, name: "new", api_base })),
  },
  {
    name: "the base of a provider that is changed",
    send: async ({ call }, api_base) => {
      const { providers } = (await call("GET", "/v1/providers")).body;
      return toRefusal(await call("PUT", `/v1/providers/${providers[0].id}`, { api_base }));
    },
  },
  {
    name: "a provider's base for embeddings",
    send: async ({ call }, api_base) => {
      const settings = { embedding: { enabled: true, api_base } };
      return toRefusal(await call("POST", "/v1/providers", { ...provider, name: "new", settings }));
    },
  },
  {
    name: "an image in a chat",
    send: async ({ call }, url) => {
      const content = [{ type: "image_url", image_url: { url } }];
      const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
      return toRefusal(await call("POST", "/v1/chat/completions", body));
    },
  },
  {
    name: "a page that an agent fetches",
    send: async ({ call, eventsOf }, url) => {
      const { body } = await call("POST", "/v1/agents/openai/wake", { message: url });
      const results = (await eventsOf(body.run_id)).filter(({ type }) => type === "tool.result");
      const { isError, text } = results.at(-1) ?? {};
      return { isRefused: isError === true, words: text ?? "no result" };
    },
  },
];

const toRefusal = ({ status, body }: { status: number; body: { error?: { message: string } } }): Refusal => ({
  isRefused: status === 400,
  words: body.error?.message ?? "no refusal",
});

/** A model that lets its agent fetch what the user names. */
const fetchesWhatIsNamed: ReplyFunction = ({ lastUserText, toolResults }) =>
  toolResults.length > 0 ? { text: "done" } : { toolCalls: [{ name: "web_fetch", arguments: { url: lastUserText } }] };

describe("what the gateway calls", async () => {
  const canary = await aCanary();
  const site = await aRedirectingSite();
  const allowHosts = [canary, site].map(({ port }) => `allowed.test:${port}`);
  const gateway = await startChatGateway({ resolve: createNames(), allowHosts });
  gateway.model.script(fetchesWhatIsNamed);
  afterAll(async () => {
    await gateway.stop();
    canary.stop();
    site.stop();
  });
  const withPort = (url: string) => url.replace("PORT", String(canary.port));

  describe.each([...SINKS])("as $name", ({ send }) => {
    test.each([...REFUSED])("never is %p", async (url) => {
      const { isRefused, words } = await send(gateway, withPort(url));
      expect([url, isRefused]).toEqual([url, true]);
      expect(words).not.toContain("127.0.0.1");
      expect(canary.state.hits).toBe(0);
    });

    test("does not tell an open port from a closed one, nor a name from an address", async () => {
      const urls = [withPort("http://127.0.0.1:PORT"), "http://127.0.0.1:1", "http://10.0.0.5", "http://private.test"];
      const refusals = await Promise.all(urls.map((url) => send(gateway, url)));
      expect(new Set(refusals.map(({ words }) => words)).size).toBe(1);
    });
  });

  const followers = SINKS.filter(({ name }) => /image|page/.test(name));
  describe.each(followers)("as $name, from an allowed host", ({ send }) => {
    test.each([...REDIRECT_TARGETS])("never is a redirect to %p", async (target) => {
      const { isRefused, words } = await send(gateway, `${site.url}?to=${encodeURIComponent(withPort(target))}`);
      expect([target, isRefused]).toEqual([target, true]);
      expect(words).not.toMatch(/127\.0\.0\.1|secret/);
      expect(canary.state.hits).toBe(0);
    });
  });

  test("as a page that an agent fetches, is followed through three redirects and no further", async () => {
    const send = SINKS.find(({ name }) => name.includes("page"))?.send;
    expect(await send?.(gateway, `${site.url}?times=3`)).toMatchObject({
      isRefused: false,
      words: expect.stringContaining("arrived"),
    });
    expect(await send?.(gateway, `${site.url}?times=4`)).toEqual({
      isRefused: true,
      words: "The page could not be fetched: it redirects more than 3 times.",
    });
  });

  test("is looked at again when it is dialled, however often that is", async () => {
    const api_base = withPort("http://flips.test:PORT");
    const made = await gateway.call("POST", "/v1/providers", { ...provider, name: "flips", api_base });
    expect(made.status).toBe(201);
    const agent = await gateway.anAgent("openai", { provider: "flips" });
    for (let tries = 0; tries < 4; tries++) {
      const { status, body } = await gateway.call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
      expect([status, body.error.code]).toEqual([503, "UNAVAILABLE"]);
    }
    expect(canary.state.hits).toBe(0);
  });
});
