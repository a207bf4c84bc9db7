import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { PLANTED, PLANTED_REFERENCE, startConfigGateway } from "#features/configuration/config-fixture.ts";
import { refused } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const UNUSABLE = { code: "INVALID_REQUEST", details: { reason: "config_unusable" } };

describe.each([...testDialects()])("the configuration file on %s", async (dialect) => {
  const site = await startConfigGateway(dialect);
  const { gateway, owner, path, read, content, get, patch, apply, auditRows } = site;
  afterAll(site.stop);
  beforeEach(() => writeFileSync(path, "{}"));

  describe("as it is read", () => {
    test("has every key with its value, and names those of the environment", async () => {
      await apply("{ gateway: { default_user_id: 'Nguyễn 🦊', port: 4 }, tools: { rate_limit_per_hour: 7 } }");
      const state = await get();
      expect(state).toMatchObject({
        path,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        config: {
          gateway: { default_user_id: "Nguyễn 🦊", host: "127.0.0.1", port: 4 },
          tools: { rate_limit_per_hour: 7, exec: "off" },
        },
        restart_keys: ["gateway.port", "gateway.default_user_id", "tools.rate_limit_per_hour"],
        warnings: [],
      });
      expect(state.from_file).toEqual(["gateway.port", "gateway.default_user_id", "tools.rate_limit_per_hour"]);
      expect(state.from_environment).toContain("tools.exec");
      expect(state.from_environment).not.toContain("gateway.port");
    });

    test("never shows a secret, whether the file, the environment or another variable has it", async () => {
      const accounts = { hook: { channel_type: "webhook", credentials: { secret: `${PLANTED}-long-enough` } } };
      await patch({
        gateway: { token: `${PLANTED}-token`, default_user_id: PLANTED_REFERENCE },
        tools: { web_search: { brave_api_key: PLANTED, tavily_api_key: PLANTED_REFERENCE } },
        telemetry: { endpoint: `https://ada:${PLANTED}@traces.example` },
        egress: { proxy: `http://ada:${PLANTED}@proxy.example:3128` },
        encryption: { keys: [PLANTED.padEnd(32, "x"), "y".repeat(32)] },
        channels: { instances: accounts },
      });
      const { config } = await get();
      expect(JSON.stringify(owner.frames)).not.toContain(PLANTED);
      expect(config).toMatchObject({
        gateway: { token: "***", default_user_id: PLANTED_REFERENCE },
        tools: { web_search: { brave_api_key: "***", tavily_api_key: "***" } },
        egress: { proxy: "***" },
        encryption: { keys: ["***", "***"] },
        telemetry: { endpoint: "***", headers: { Authorization: "***" } },
        channels: { instances: { hook: { credentials: { secret: "***" } } } },
      });
    });

    test("has a schema with a description of every key, in which secrets are texts", async () => {
      const { json } = await owner.call("config.schema");
      const { gateway, log, encryption, tools, egress } = json.properties;
      const { token, default_user_id: user } = gateway.properties;
      const { brave_api_key: key } = tools.properties.web_search.properties;
      for (const secret of [token, encryption.properties.keys.items, egress.properties.proxy, key]) {
        expect([secret.type, secret.writeOnly]).toEqual(["string", true]);
      }
      expect(user).not.toHaveProperty("writeOnly");
      expect(log.properties.level.enum).toContain("debug");
      for (const section of Object.values<{ properties: object; description: string }>(json.properties)) {
        const { description, properties } = section;
        for (const words of [description, ...Object.values(properties).map((key) => key.description)]) {
          expect(words).toEndWith(".");
        }
      }
    });

    test("is refused with the sentence of the start where somebody has broken it", async () => {
      writeFileSync(path, "{ gateway: { port: 'x' } }");
      const reads = {
        code: "FAILED_PRECONDITION",
        message: expect.stringContaining("gateway.port in "),
        details: { reason: "config_unusable" },
      };
      expect(await refused(owner.call("config.get"))).toMatchObject(reads);
      expect(await refused(patch({ log: { level: "warn" } }))).toMatchObject(UNUSABLE);
      expect(await apply("{ gateway: { port: 5 } }")).toMatchObject({ ok: true });
      expect((await get()).config.gateway.port).toBe(5);
    });

    test("changes nothing in the gateway while nobody tells it", async () => {
      writeFileSync(path, "{ gateway: { max_message_chars: 5 } }");
      expect((await get()).restart_keys).toEqual(["gateway.max_message_chars"]);
      await apply("{ gateway: { max_message_chars: 6 } }");
      expect((await get()).restart_keys).toEqual([]);
    });
  });

  describe("a change", () => {
    test("by apply keeps text and comments as they were sent", async () => {
      const raw = "// 🦊 của tôi\n{ log: { level: 'warn' }, /* mine */ }\n";
      const { hash } = await apply(raw);
      expect(read()).toBe(raw);
      expect((await get()).hash).toBe(hash);
    });

    test("by patch merges deeply, removes by null, and keeps comments", async () => {
      await apply(
        "// của tôi 🦊\n{ gateway: { port: 4, quota: { hour: 1 /* low */, day: 2 } }, future: { key: [1] } }",
      );
      await patch({ gateway: { port: null, quota: { day: 3 } }, runs: { max_attempts: 2 } });
      expect(content()).toMatchObject({
        gateway: { quota: { hour: 1, day: 3 } },
        runs: { max_attempts: 2 },
        future: { key: [1] },
      });
      expect(content().gateway).not.toHaveProperty("port");
      for (const comment of ["// của tôi 🦊", "/* low */"]) expect(read()).toContain(comment);
    });

    test("of a file that is gone makes one that explains every key", async () => {
      rmSync(path);
      await patch({ gateway: { port: 4 } });
      expect(content()).toMatchObject({ gateway: { port: 4 } });
      expect(read()).toContain("// The port to listen on");
    });

    test("keeps references to variables as they are written", async () => {
      await apply(`{ tools: { web_search: { brave_api_key: "${PLANTED_REFERENCE}" } } }`);
      await patch({ gateway: { port: 4 } });
      await apply(JSON.stringify((await get()).config));
      expect(content().tools.web_search.brave_api_key).toBe(PLANTED_REFERENCE);
      expect(read()).not.toContain(PLANTED);
    });

    test("names the keys that wait for the next start, also later", async () => {
      expect(await patch({ gateway: { port: 4 } })).toMatchObject({ restart: true, restart_keys: ["gateway.port"] });
      expect(await patch({ gateway: { rate_limit_rpm: 0 } })).toMatchObject({ restart_keys: ["gateway.port"] });
      expect(await patch({ gateway: { port: null } })).toMatchObject({ restart: false, restart_keys: [] });
    });

    test("tells of keys that nothing reads", async () => {
      const { warnings } = await patch({ gateway: { prot: 1 } });
      expect(warnings).toEqual(["config.json has an unknown key, gateway.prot; did you mean gateway.port?"]);
    });

    test("leaves the earlier file beside, and nobody else may read either", async () => {
      chmodSync(path, 0o644);
      await apply("{ gateway: { port: 1 } }");
      await apply("{ gateway: { port: 2 } }");
      expect(readFileSync(`${path}.bak`, "utf8")).toBe("{ gateway: { port: 1 } }");
      for (const file of [path, `${path}.bak`]) expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readdirSync(gateway.home).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    });

    test("of a linked file changes what the link names", async () => {
      const target = join(gateway.home, "elsewhere.json");
      renameSync(path, target);
      symlinkSync(target, path);
      await apply("{ gateway: { port: 3 } }");
      expect(lstatSync(path).isSymbolicLink()).toBe(true);
      expect(readFileSync(target, "utf8")).toBe("{ gateway: { port: 3 } }");
      rmSync(path);
    });

    test("that cannot be written is refused, and nothing changes", async () => {
      rmSync(`${path}.bak`, { force: true });
      mkdirSync(join(`${path}.bak`, "in-the-way"), { recursive: true });
      const rows = (await auditRows()).total;
      expect(await refused(patch({ gateway: { max_message_chars: 9 } }))).toMatchObject({
        code: "FAILED_PRECONDITION",
        details: { reason: "config_read_only" },
      });
      expect(read()).toBe("{}");
      expect((await auditRows()).total).toBe(rows);
      expect(readdirSync(gateway.home).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      rmSync(`${path}.bak`, { recursive: true });
    });

    test("is in the activity log with its keys and without their values, once", async () => {
      const before = (await auditRows()).total;
      await patch({ gateway: { port: 7 }, tools: { web_search: { exa_api_key: PLANTED } } });
      await patch({ gateway: { port: 7 } });
      const { total, logs } = await auditRows();
      expect(total).toBe(before + 1);
      expect(logs[0]).toMatchObject({
        entity_id: "config.json",
        details: { changed: ["gateway.port", "tools.web_search"] },
      });
      expect(JSON.stringify(logs)).not.toContain(PLANTED);
    });
  });
});
