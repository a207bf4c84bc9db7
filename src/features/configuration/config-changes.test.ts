import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { PLANTED, referTo, startConfigGateway } from "#features/configuration/config-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { openSocket, refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const UNUSABLE = { code: "INVALID_REQUEST", details: { reason: "config_unusable" } };

describe.each([...testDialects()])("changes of the configuration on %s", async (dialect) => {
  const site = await startConfigGateway(dialect);
  const { gateway, owner, path, read, content, get, patch, apply } = site;
  afterAll(site.stop);
  beforeEach(() => writeFileSync(path, "{}"));

  describe("a *** that is sent back", () => {
    const secrets = { web_search: { brave_api_key: PLANTED, exa_api_key: "other" } };

    test("keeps what is stored", async () => {
      await patch({ tools: secrets });
      await patch({ tools: { web_search: { brave_api_key: "***", exa_api_key: "new" } } });
      expect(content().tools.web_search).toEqual({ brave_api_key: PLANTED, exa_api_key: "new" });
      await apply("{ tools: { web_search: { brave_api_key: '***' } } } // mine");
      expect(read()).toEndWith("// mine");
      expect(content()).toMatchObject({ tools: { web_search: { brave_api_key: PLANTED } } });
      expect(content().tools.web_search).not.toHaveProperty("exa_api_key");
    });

    test("for everything, as a form sends it, changes nothing and stores no secret of the environment", async () => {
      await patch({ tools: secrets, encryption: { keys: [PLANTED.padEnd(32, "x"), "y".repeat(32)] } });
      const before = await get();
      const after = await apply(JSON.stringify(before.config));
      expect(after.config).toEqual(before.config);
      expect(content().encryption.keys).toEqual([PLANTED.padEnd(32, "x"), "y".repeat(32)]);
      expect(content().telemetry).not.toHaveProperty("headers");
    });

    test.each([
      [
        "where nothing is stored",
        "{ tools: { web_search: { tavily_api_key: '***' } } }",
        "tools.web_search.tavily_api_key is ***",
      ],
      ["in a list of another length", "{ encryption: { keys: ['***', '***', '***'] } }", "encryption.keys is ***"],
      ["in place of a section", "{ tools: '***' }", "tools is ***"],
    ])("%s is refused", async (_, raw, sentence) => {
      await patch({ tools: secrets, encryption: { keys: ["x".repeat(32)] } });
      const before = read();
      for (const method of ["config.apply", "config.patch"]) {
        const refusal = await refused(owner.call(method, { raw }));
        expect(refusal).toMatchObject({ ...UNUSABLE, message: expect.stringContaining(sentence) });
      }
      expect(read()).toBe(before);
    });
  });

  describe("a hash", () => {
    test("that is stale is refused in the language of the caller, and nothing is written", async () => {
      const { hash } = await get();
      writeFileSync(path, "{ gateway: { port: 1 } }");
      const stale = { code: "INVALID_REQUEST", details: { reason: "hash_mismatch" } };
      const [vi, zh] = await Promise.all(
        ["vi", "zh"].map((locale) => openSocket(gateway, { user: "system", params: { locale } })),
      );
      const sentences = await Promise.all(
        [owner, vi, zh].map(async (socket) => {
          const refusal = await refused(
            socket?.call("config.patch", { raw: "{}", baseHash: hash }) ?? Promise.resolve(),
          );
          expect(refusal).toMatchObject(stale);
          return refusal.message;
        }),
      );
      expect(sentences).toEqual([
        "config has changed (hash mismatch)",
        "cấu hình đã thay đổi (hash không khớp)",
        "配置已被更改（哈希不匹配）",
      ]);
      expect(await refused(apply("{}", { baseHash: hash }))).toMatchObject(stale);
      expect(read()).toBe("{ gateway: { port: 1 } }");
      await Promise.all([vi?.close(), zh?.close()]);
    });

    test("lets one of two win that began from the same file", async () => {
      const second = await openSocket(gateway, { user: "system" });
      const { hash: baseHash } = await get();
      const outcomes = await Promise.all(
        [owner, second].map((socket, index) =>
          socket.call("config.patch", { raw: `{ gateway: { port: ${index + 1} } }`, baseHash }).then(
            ({ config }) => config.gateway.port,
            ({ error }) => error.details.reason,
          ),
        ),
      );
      expect(outcomes).toContain("hash_mismatch");
      expect(content().gateway.port).toBe(outcomes.find((outcome) => typeof outcome === "number"));
      await second.close();
    });
  });

  test.each([
    ["{ gateway: { port: 'x' } }", "gateway.port in "],
    ["{ gateway: { port = 1 } }", "invalid character '='"],
    ["[1]", "must hold one object"],
    ["{ gateway: { allowed_origins: ['https://a.example/path'] } }", "must be an origin"],
    ["{ gateway: { auth: 'none', host: '0.0.0.0' } }", "loopback"],
    ["{ gateway: { token: 'changeme', host: '0.0.0.0' } }", "has fewer than 16 characters"],
    ["{ tools: { web_search: { brave_key: 'x' } } }", "has the unknown key brave_key"],
    [`{ gateway: { default_user_id: "${referTo("NOT_SET")}" } }`, "NOT_SET, which is not set"],
  ])("%s would not load and is refused", async (raw, sentence) => {
    for (const method of ["config.apply", "config.patch"]) {
      const refusal = await refused(owner.call(method, { raw }));
      expect(refusal).toMatchObject({ ...UNUSABLE, message: expect.stringContaining(sentence) });
    }
    expect(read()).toBe("{}");
  });

  test("what nests too deeply is refused", async () => {
    const raw = `{ future: ${"[".repeat(50_000)}${"]".repeat(50_000)} }`;
    const message = expect.stringContaining("nests deeper than 100 levels");
    expect(await refused(owner.call("config.apply", { raw }))).toMatchObject({ ...UNUSABLE, message });
  });

  test("a change without its text, or with too much of it, is refused", async () => {
    for (const raw of [undefined, "", 5, `{ future: "${"x".repeat(300_000)}" }`]) {
      expect(await refused(owner.call("config.apply", { raw }))).toMatchObject({ code: "INVALID_REQUEST" });
    }
  });

  test("is told to administrators of the master tenant, and to nobody else", async () => {
    await aTenant(gateway, `owl-${dialect}`);
    const open = async (scopes: readonly string[], tenant = "master") =>
      openSocket(gateway, { token: (await aKey(gateway, scopes, { tenant })).bearer });
    const [admin, writer] = [await open(["operator.admin"]), await open(["operator.write"])];
    const other = await open(["operator.admin"], `owl-${dialect}`);
    await patch({ gateway: { port: 8 } });
    const { payload } = await admin.event(({ event }) => event === "config.updated");
    expect(payload).toEqual({ id: "config.json", changed: ["gateway.port"] });
    for (const socket of [writer, other]) {
      await socket.call("health");
      expect(socket.events).toEqual([]);
    }
    await Promise.all([admin, writer, other].map((socket) => socket.close()));
  });

  test("is for owners of the gateway alone, and the defaults are for administrators of the master tenant", async () => {
    await aTenant(gateway, `fox-${dialect}`);
    const open = async (scopes: readonly string[], tenant = "master") =>
      openSocket(gateway, { token: (await aKey(gateway, scopes, { tenant })).bearer, user: "system" });
    const callers = {
      admin: await open(["operator.admin"]),
      gatewayToken: await openSocket(gateway, { user: "ada" }),
      otherAdmin: await open(["operator.admin"], `fox-${dialect}`),
      writer: await open(["operator.write"]),
    };
    for (const [name, socket] of Object.entries(callers)) {
      for (const method of ["config.get", "config.schema", "config.apply", "config.patch"]) {
        expect(await refused(socket.call(method, { raw: "{}" }))).toMatchObject({ code: "UNAUTHORIZED" });
      }
      const isMasterAdmin = name === "admin" || name === "gatewayToken";
      if (isMasterAdmin) expect(await socket.call("config.defaults")).toHaveProperty("agents.subagents.maxConcurrent");
      else expect(await refused(socket.call("config.defaults"))).toMatchObject({ code: "UNAUTHORIZED" });
      await socket.close();
    }
    expect(await owner.call("config.defaults")).toMatchObject({
      agents: { contextPruning: { softTrim: { headChars: expect.any(Number) } }, subagents: { maxSpawnDepth: 1 } },
    });
  });
});
