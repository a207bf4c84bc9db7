import { afterAll, describe, expect, test } from "bun:test";
import { type ChatGateway, startChatGateway } from "#testing/chat-fixture.ts";
import { anAllowedSite, createNames, OPENAI, startForbiddenServer } from "#testing/egress-sink-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";

const ROUNDS = 50;
const UNREACHABLE = "the model provider could not be reached, or the connection broke off";
const EMBEDDING = { embedding: { enabled: true, model: "embed" } };

let providerCount = 0;

/** Creates a provider with this base and returns its name and path. */
async function aProvider({ call }: ChatGateway, api_base: string, overrides: object = {}) {
  const name = `provider-${++providerCount}`;
  const { status, body } = await call("POST", "/v1/providers", {
    ...{ ...OPENAI, name, api_base, settings: EMBEDDING },
    ...overrides,
  });
  expect(status).toBe(201);
  return { name, path: `/v1/providers/${body.id}` };
}

type MadeProvider = Awaited<ReturnType<typeof aProvider>>;

interface Use {
  readonly name: string;
  /** Returns whether the gateway reports only that the provider is unreachable. */
  readonly isUnreachable: (gateway: ChatGateway, provider: MadeProvider) => Promise<boolean>;
}

const isVerdict = (body: object) => Bun.deepEquals(body, { valid: false, error: UNREACHABLE });

/** Every way to make the gateway call a stored provider. */
const USES: readonly Use[] = [
  {
    name: "asked for its models",
    isUnreachable: async ({ call }, { path }) =>
      Bun.deepEquals((await call("GET", `${path}/models`)).body, { models: [] }),
  },
  {
    name: "tried",
    isUnreachable: async ({ call }, { path }) =>
      isVerdict((await call("POST", `${path}/verify`, { model: "any" })).body),
  },
  {
    name: "tried with embeddings",
    isUnreachable: async ({ call }, { path }) => isVerdict((await call("POST", `${path}/verify-embedding`, {})).body),
  },
  {
    name: "talked to",
    async isUnreachable(gateway, { name }) {
      const agent = await gateway.anAgent("openai", { provider: name });
      const { status, body } = await gateway.call("POST", `/v1/agents/${agent}/wake`, { message: "hi" });
      return status === 503 && body.error.code === "UNAVAILABLE" && body.error.message === UNREACHABLE;
    },
  },
];

describe("a provider that redirects the gateway", async () => {
  const canary = await startForbiddenServer();
  const visits: string[] = [];
  const site = await anAllowedSite(({ url = "" }, response) => {
    visits.push(url);
    const [, status, target = ""] = url.split("/");
    const location = `http://${decodeURIComponent(target).replace("PORT", String(canary.port))}`;
    response.writeHead(Number(status), { location, "content-type": "application/json" });
    response.end(status === "200" ? JSON.stringify({ data: [{ id: "arrived" }] }) : "");
  });
  const { resolve, asked } = createNames();
  const gateway = await startChatGateway({ resolve, allowHosts: [site.host, `127.0.0.1:${site.port}`] });
  afterAll(async () => {
    await gateway.stop();
    canary.stop();
    site.stop();
  });

  const targets = [
    "127.0.0.1:PORT/v1",
    "loopback.test:PORT/v1",
    "mixed.test:PORT",
    "169.254.169.254",
    "localhost:11434/v1",
  ];
  const hops = [302, 307, 308].flatMap((status) => targets.map((target) => ({ status, target })));

  describe.each([...USES])("when $name", ({ isUnreachable }) => {
    test.each(hops)("with $status is not followed to $target", async ({ status, target }) => {
      const before = visits.length;
      const provider = await aProvider(gateway, `${site.url}${status}/${encodeURIComponent(target)}`);
      expect(await isUnreachable(gateway, provider)).toBe(true);
      expect(visits.length).toBe(before + 1);
      expect(canary.state.hits).toBe(0);
      expect(asked).not.toContain("localhost");
    });
  });

  test.each([...WIRES])("in the $wire format is not followed", async ({ providerType }) => {
    for (const status of [302, 307, 308]) {
      const base = `${site.url}${status}/${encodeURIComponent("127.0.0.1:PORT/v1")}`;
      const provider = await aProvider(gateway, base, { provider_type: providerType });
      const agent = await gateway.anAgent("openai", { provider: provider.name });
      expect((await gateway.call("POST", `/v1/agents/${agent}/wake`, { message: "hi" })).status).toBe(503);
    }
    expect(canary.state.hits).toBe(0);
  });

  test("is followed to another address that is allowed", async () => {
    const there = encodeURIComponent(`${site.host}/200/`);
    const { path } = await aProvider(gateway, `${site.url}302/${there}`);
    expect((await gateway.call("GET", `${path}/models`)).body.models).toEqual([{ id: "arrived" }]);
  });
});

describe("a provider whose name changes its address", async () => {
  const canary = await startForbiddenServer();
  const { resolve, asked } = createNames();
  const gateway = await startChatGateway({ resolve });
  afterAll(async () => {
    await gateway.stop();
    canary.stop();
  });

  test.each([...USES])("is checked again every time it is $name", async ({ name, isUnreachable }) => {
    const host = `${name.replaceAll(" ", "-")}.flips.test`;
    const api_base = `http://${host}:${canary.port}/v1`;
    let provider: MadeProvider | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      // The circuit breaker skips a provider after five failures in a row, so a new one is created before that.
      if (provider === undefined || round % 4 === 0) provider = await aProvider(gateway, api_base);
      else expect((await gateway.call("PUT", provider.path, { api_base })).status).toBe(200);
      expect(await isUnreachable(gateway, provider)).toBe(true);
    }
    expect(asked.filter((hostname) => hostname === host)).toHaveLength(2 * ROUNDS);
    expect(canary.state.hits).toBe(0);
  });
});

test("a provider that turned private has the same error whether its port is open, closed or silent", async () => {
  const canary = await startForbiddenServer();
  const answers: unknown[] = [];
  for (const [address, port] of [
    ["127.0.0.1", canary.port],
    ["127.0.0.1", 1],
    ["10.0.0.5", canary.port],
  ] as const) {
    const gateway = await startChatGateway({ resolve: createNames(address).resolve });
    const base = `http://oracle.flips.test:${port}/v1`;
    const calls = [
      ["GET", "/models"],
      ["POST", "/verify"],
      ["POST", "/verify-embedding"],
    ] as const;
    for (const [method, path] of calls) {
      const provider = await aProvider(gateway, base);
      const { status, body } = await gateway.call(
        method,
        `${provider.path}${path}`,
        method === "POST" ? { model: "m" } : undefined,
      );
      answers.push({ path, status, body });
    }
    await gateway.stop();
  }
  canary.stop();
  for (const [index, answer] of answers.entries()) expect(answer).toEqual(answers[index % 3]);
  expect(canary.state.hits).toBe(0);
});
