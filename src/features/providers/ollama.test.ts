import { afterAll, describe, expect, test } from "bun:test";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { newId } from "#base/ids.ts";
import { RUNNABLE_TYPES } from "#testing/model-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const HERE = ["http://localhost:11434", "http://127.0.0.1:11434", "http://[::1]:11434"];
const OTHER_TYPES = RUNNABLE_TYPES.map(({ providerType }) => providerType).filter((type) => type !== "ollama");

/** Starts a server that imitates Ollama, or that redirects to `location`. */
async function aServer(location?: string) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    if (location) return response.writeHead(307, { location }).end();
    return response.writeHead(200, { "content-type": "application/json" }).end('{"data":[{"id":"llama"}]}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, requests, stop: () => server.close() };
}

describe("the Ollama of this machine", async () => {
  const elsewhere = await aServer();
  const sender = await aServer("http://localhost:11434/v1/models");
  const names = { resolved: [] as string[], addresses: ["127.0.0.1"] };
  const gateway = await startTestGateway({
    allowHosts: [`127.0.0.1:${elsewhere.port}`, `127.0.0.1:${sender.port}`],
    resolve: async (hostname) => {
      names.resolved.push(hostname);
      return names.addresses;
    },
  });
  const { call } = gateway;
  afterAll(async () => {
    await gateway.stop();
    elsewhere.stop();
    sender.stop();
  });
  const create = (input: object) => call("POST", "/v1/providers", { name: `p-${newId()}`, ...input });
  const embedding = (api_base: string) => ({ embedding: { enabled: true, model: "embed", api_base } });
  const refusedField = async (input: object) => {
    const { status, body } = await create(input);
    return [status, body.error?.details?.field];
  };
  /** Makes a provider call its base through every operation. */
  async function callAll(id: string): Promise<void> {
    await call("GET", `/v1/providers/${id}/models`);
    await call("POST", `/v1/providers/${id}/verify`, { model: "any" });
    await call("POST", `/v1/providers/${id}/verify-embedding`, { model: "any" });
  }

  /** Returns the host names that the provider resolves. They resolve to nothing, so no real local Ollama is called. */
  async function resolvedBy(id: string): Promise<readonly string[]> {
    Object.assign(names, { resolved: [], addresses: [] });
    await callAll(id);
    names.addresses = ["127.0.0.1"];
    return names.resolved;
  }

  test.each(OTHER_TYPES)("is refused for providers of type %s", async (provider_type) => {
    for (const host of HERE) {
      for (const base of [host, `${host}/v1`, `${host}/api/pull`]) {
        expect(await refusedField({ provider_type, api_base: base })).toEqual([400, "api_base"]);
        const field = await refusedField({ provider_type, settings: embedding(base) });
        expect(field).toEqual([400, "settings.embedding.api_base"]);
      }
    }
  });

  test.each(["", "/", "/v1", "/v1/"])(
    "is allowed for providers of type ollama, with %p after its address",
    async (path) => {
      for (const host of HERE) {
        const base = `${host}${path}`;
        const made = await create({ provider_type: "ollama", api_base: base, settings: embedding(base) });
        expect([base, made.status]).toEqual([base, 201]);
      }
    },
  );

  test.each([
    ...["/api/pull", "/api", "/v1/../api/pull", "/v1/%2e%2e/api", "/v1v1", "/V1", "//v1", "\\api"],
    ...["?", "/v1?", "/api/pull?x=", "#", "/v1#", "/api/delete#/v1"],
  ])("is refused with %p after its address", async (path) => {
    for (const host of HERE) {
      const base = `${host}${path}`;
      expect([base, await refusedField({ provider_type: "ollama", api_base: base })]).toEqual([
        base,
        [400, "api_base"],
      ]);
      const field = await refusedField({ provider_type: "ollama", settings: embedding(base) });
      expect([base, field]).toEqual([base, [400, "settings.embedding.api_base"]]);
    }
  });

  test("is called by a provider of type ollama, with its own base and with one for embeddings", async () => {
    const base = "http://localhost:11434";
    for (const input of [{}, { api_base: base }, { settings: embedding(base) }]) {
      const { body } = await create({ provider_type: "ollama", ...input });
      expect(await resolvedBy(body.id)).toEqual(["localhost", "localhost", "localhost"]);
    }
  });

  test("is not called for rows of an earlier release, nor on any other path", async () => {
    for (const [provider_type, api_base] of [
      ["openai_compat", "http://localhost:11434/v1"],
      ["anthropic_native", "http://localhost:11434/v1"],
      ["ollama", "http://localhost:11434/api/pull?x="],
      ["ollama", "http://localhost:11434/v1/../api"],
    ] as const) {
      const { body } = await create({ provider_type });
      const system = gateway.gateway.database.system("a row of an earlier release");
      await system.write((queries) =>
        queries.updateTable("llm_providers").set({ provider_type, api_base }).where("id", "=", body.id).execute(),
      );
      expect([api_base, await resolvedBy(body.id)]).toEqual([api_base, []]);
    }
  });

  test.each(["openai_compat", "ollama"])(
    "is not reached through a redirect by a provider of type %s",
    async (provider_type) => {
      const base = `http://127.0.0.1:${sender.port}`;
      const { body } = await create({ provider_type, api_base: base, settings: embedding(base) });
      sender.requests.length = 0;
      expect(await resolvedBy(body.id)).toEqual([]);
      expect(sender.requests).toHaveLength(3);
    },
  );

  test("may use another port that the operator allows, and is called below /v1", async () => {
    const base = `http://127.0.0.1:${elsewhere.port}/`;
    const { body } = await create({ provider_type: "ollama", api_base: base, settings: embedding(base) });
    expect((await call("GET", `/v1/providers/${body.id}/models`)).body.models).toEqual([{ id: "llama" }]);
    await callAll(body.id);
    const paths = elsewhere.requests.map(({ url }) => url);
    expect(paths).toEqual(["/v1/models", "/v1/models", "/v1/chat/completions", "/v1/embeddings"]);
  });

  test("is refused for the embeddings of a provider that changes to another type", async () => {
    const { body } = await create({ provider_type: "ollama", settings: embedding(HERE[0] ?? "") });
    const { status, body: answer } = await call("PUT", `/v1/providers/${body.id}`, { provider_type: "openai_compat" });
    expect([status, answer.error.details.field]).toEqual([400, "settings.embedding.api_base"]);
  });
});

test("a base with a query or a fragment is refused for every type", async () => {
  const gateway = await startTestGateway();
  for (const [provider_type, base] of [
    ...RUNNABLE_TYPES.map(({ providerType }) => [providerType, "https://8.8.8.8/v1"] as const),
    ["acp", "http://localhost:4000"] as const,
  ]) {
    for (const end of ["?", "#", "?key=1", "#part", "/%3F?"]) {
      for (const input of [{ api_base: base + end }, { settings: { embedding: { api_base: base + end } } }]) {
        const answer = await gateway.call("POST", "/v1/providers", { name: "plain", provider_type, ...input });
        const reason = answer.body.error?.details?.reason;
        expect([provider_type, end, answer.status, reason]).toEqual([provider_type, end, 400, "url_not_allowed"]);
      }
    }
  }
  await gateway.stop();
});
