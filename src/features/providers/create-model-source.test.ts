import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { eventBus } from "#core/events/events.ts";
import { egress, secretBox } from "#core/platform.ts";
import { createFirstProvider, createModelSource } from "#features/providers/index.ts";
import { startModelServer } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("models of providers on %s", async (dialect) => {
  const server = await startModelServer();
  const gateway = await startTestGateway({ dialect, allowHosts: [`127.0.0.1:${server.port}`] });
  const { services, database } = gateway.gateway;
  afterAll(async () => {
    await gateway.stop();
    await server.stop();
  });
  const db = database.forTenant(MASTER_TENANT_ID);
  const source = createModelSource({
    secretBox: services.use(secretBox),
    egress: services.use(egress),
    events: services.use(eventBus),
  });
  const api_base = `${server.url}/v1`;
  const create = async (name: string, input: object = {}): Promise<string> => {
    const provider = { name, provider_type: "openai_compat", api_base, api_key: "first-key", ...input };
    return (await gateway.call("POST", "/v1/providers", provider)).body.id;
  };
  const authorizationOf = async (name: string) => {
    const { model } = await source.open(db, name);
    const messages = [{ role: "user", parts: [{ type: "text", text: "hi" }] }] as const;
    const request = { model: "test-model", messages, tools: [], settings: {} };
    for await (const _ of model.stream(request, new AbortController().signal)) {
      // The response does not matter. The test checks only the request.
    }
    return server.requests.at(-1)?.headers.authorization;
  };

  test("calls carry the stored key, and the new one after a change", async () => {
    const id = await create("live");
    expect(await authorizationOf("live")).toBe("Bearer first-key");
    await gateway.call("PUT", `/v1/providers/${id}`, { api_key: "***", display_name: "x" });
    expect(await authorizationOf("live")).toBe("Bearer first-key");
    await gateway.call("PUT", `/v1/providers/${id}`, { api_key: "second-key" });
    expect(await authorizationOf("live")).toBe("Bearer second-key");
  });

  test("a model stays open until its provider changes", async () => {
    const id = await create("kept");
    const first = await source.open(db, "kept");
    expect(await source.open(db, "kept")).toBe(first);
    expect(first.providerType).toBe("openai_compat");
    await gateway.call("PUT", `/v1/providers/${id}`, { display_name: "x" });
    expect(await source.open(db, "kept")).not.toBe(first);
  });

  test("missing, disabled and unsupported providers give different reasons", async () => {
    await create("off", { enabled: false });
    await create("odd", { provider_type: "claude_cli", api_base: "" });
    for (const [name, reason] of [
      ["gone", "provider_not_found"],
      ["off", "provider_disabled"],
      ["odd", "provider_unsupported"],
    ] as const) {
      await expect(source.open(db, name)).rejects.toMatchObject({ code: "FAILED_PRECONDITION", options: { reason } });
    }
  });

  test("the first provider is stored once, with its key sealed", async () => {
    const first = {
      name: "first",
      displayName: "First",
      type: "openai_compat",
      apiBase: api_base,
      secretBox: services.use(secretBox),
      now: new Date(),
    } as const;
    for (const key of ["found-key", "other-key"]) {
      await db.write((queries) => createFirstProvider(queries, { ...first, apiKey: new Secret(key) }));
    }
    expect(await authorizationOf("first")).toBe("Bearer found-key");
  });
});
