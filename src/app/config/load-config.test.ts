import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "#app/config/load-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { StartError } from "#app/start-error.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "goclaw-config-"));
});

afterEach(() => rmSync(home, { recursive: true }));

const load = (text: string, env: Environment = {}) => {
  writeFileSync(join(home, "config.json"), text);
  return loadConfig({ home, env });
};

function startErrorOf(run: () => unknown): StartError {
  try {
    run();
  } catch (error) {
    if (error instanceof StartError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("without a file and without variables every key has its default", () => {
  const { config, warnings } = loadConfig({ home, env: {} });
  expect(config.gateway).toMatchObject({ host: "127.0.0.1", port: 18_790, auth: "token", owner_ids: [] });
  expect(config.runs).toEqual({
    timeout_seconds: 600,
    drain_seconds: 20,
    max_concurrent: 500,
    max_concurrent_per_tenant: 0,
    max_waiting: 10_000,
    max_attempts: 3,
  });
  expect(config.gateway.token).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("the file may be JSON5 with comments and a byte order mark", () => {
  const { config } = load("\uFEFF{ gateway: { port: 9000, }, // mine\n }");
  expect(config.gateway.port).toBe(9_000);
});

test("the environment overrides single keys of the file", () => {
  const { config } = load('{ gateway: { port: 1, host: "localhost" } }', { GOCLAW_PORT: "2" });
  expect(config.gateway).toMatchObject({ port: 2, host: "localhost" });
});

test("every documented variable sets its key", () => {
  const { config, warnings } = loadConfig({
    home,
    env: {
      GOCLAW_HOME: home,
      GOCLAW_HOST: "0.0.0.0",
      GOCLAW_GATEWAY_TOKEN: "gateway-token",
      GOCLAW_RATE_LIMIT_RPM: "60",
      GOCLAW_DEFAULT_USER_ID: "ana",
      GOCLAW_LOG_LEVEL: "debug",
      GOCLAW_GATEWAY_DOCS_AUTH: "yes",
      GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS: "1",
      GOCLAW_RUNS_MAX_ATTEMPTS: "5",
      DATABASE_URL: "postgres://localhost/goclaw",
      REDIS_URL: "redis://localhost",
    },
  });
  expect(config.gateway).toMatchObject({
    host: "0.0.0.0",
    rate_limit_rpm: 60,
    default_user_id: "ana",
    docs_auth: true,
  });
  expect(config.gateway.token?.reveal()).toBe("gateway-token");
  expect(config.database.url?.reveal()).toBe("postgres://localhost/goclaw");
  expect(config.redis.url?.reveal()).toBe("redis://localhost");
  expect(config.providers.allow_private_urls).toBe(true);
  expect(config.runs.max_attempts).toBe(5);
  expect(config.log.level).toBe("debug");
  expect(warnings).toEqual([expect.stringContaining("REDIS_URL")]);
});

test("lists are separated by commas", () => {
  const [first, second] = ["a".repeat(64), "b".repeat(64)];
  const { config } = loadConfig({
    home,
    env: { GOCLAW_EGRESS_ALLOW_HOSTS: "localhost:11434, 10.0.0.5:80,", GOCLAW_ENCRYPTION_KEY: `${first},${second}` },
  });
  expect(config.egress.allow_hosts).toEqual(["localhost:11434", "10.0.0.5:80"]);
  expect(config.encryption.keys.map((key) => key.reveal())).toEqual([first, second]);
});

test("a map is JSON in the environment", () => {
  const price = { input_per_million: 3, output_per_million: 15 };
  const { config } = loadConfig({ home, env: { GOCLAW_MODELS_PRICING: JSON.stringify({ "fake/echo": price }) } });
  expect(config.models.pricing).toEqual({ "fake/echo": price });
});

test("what needs no proxy is a list, which is not the same as none", () => {
  const noProxyOf = (text: string, env: Readonly<Record<string, string>> = {}) =>
    load(text, env).config.egress.no_proxy;
  expect(noProxyOf("{}")).toBeUndefined();
  expect(noProxyOf("{ egress: { no_proxy: [] } }")).toEqual([]);
  const variable = { GOCLAW_EGRESS_NO_PROXY: ".example.com, 10.0.0.0/8,[::1]:8000 ,*" };
  expect(noProxyOf("{}", variable)).toEqual([".example.com", "10.0.0.0/8", "[::1]:8000", "*"]);
  const { message } = startErrorOf(() => load("{ egress: { no_proxy: ['10.0.0.0/33'] } }"));
  expect(message).toContain("egress.no_proxy");
  expect(message).toContain("must be a host, .suffix, address or range");
});

test("an empty variable counts as not set", () => {
  expect(load("{ gateway: { port: 1 } }", { GOCLAW_PORT: " " }).config.gateway.port).toBe(1);
});

test("unknown keys are warned about with the nearest name", () => {
  const { warnings } = load("{ gateway: { prot: 1 }, gatway: {}, port: 2, zzzzzzzz: 3 }");
  expect(warnings).toEqual([
    "config.json has an unknown key, gateway.prot; did you mean gateway.port?",
    "config.json has an unknown key, gatway; did you mean gateway?",
    "config.json has an unknown key, port; did you mean gateway.port?",
    "config.json has an unknown key, zzzzzzzz.",
  ]);
});

test("unknown variables are warned about, except those of tests", () => {
  const { warnings } = loadConfig({ home, env: { GOCLAW_PROT: "1", GOCLAW_TEST_POSTGRES_URL: "x", GOCLAW_TEST: "1" } });
  expect(warnings).toEqual(["The environment has an unknown variable, GOCLAW_PROT; did you mean GOCLAW_PORT?"]);
});

test("an invalid file is reported with the position of the error", () => {
  const error = startErrorOf(() => load("{\n  gateway: { port = 1 }\n}"));
  expect(error.message).toBe(
    `${join(home, "config.json")} is not valid JSON5: invalid character '=' at 2:19; correct it there.`,
  );
  expect(error.exitCode).toBe(78);
});

test("a file that does not hold an object is refused", () => {
  expect(startErrorOf(() => load("[1]")).message).toContain("must hold one object");
});

test.each([
  ["{ gateway: { port: 'x' } }", "gateway.port", "must be a whole number from 0 to 65535."],
  ["{ gateway: { port: 1.5 } }", "gateway.port", "must be a whole number from 0 to 65535."],
  ["{ gateway: { docs_auth: 'maybe' } }", "gateway.docs_auth", "must be true or false."],
  ["{ gateway: { owner_ids: 'ana' } }", "gateway.owner_ids", "must be a list of texts."],
  ["{ runs: { max_attempts: 0 } }", "runs.max_attempts", "must be a whole number of at least 1."],
  ["{ log: { level: 'loud' } }", "log.level", "must be one of trace, debug, info, warn, error, silent."],
  ["{ gateway: 5 }", "gateway", "must be an object."],
])("%s is refused by the name of its key", (text, key, expectation) => {
  expect(startErrorOf(() => load(text)).message).toBe(`${key} in ${join(home, "config.json")} ${expectation}`);
});

test("an invalid nested value is reported with its path", () => {
  const { message } = startErrorOf(() => load('{ models: { pricing: { "a/b": { input_per_million: 1 } } } }'));
  expect(message).toContain('models.pricing["a/b"]["output_per_million"] in ');
});

test("an unknown name inside a key is refused, because a setting without effect would go unnoticed", () => {
  const file = '{ tools: { web_search: { brave_key: "planted" }, web_fetch: { allowed: [] } } }';
  const { message } = startErrorOf(() => load(file));
  expect(message).toMatch(/^tools\.web_\w+ in .* has the unknown key (?:brave_key|allowed)\.$/);
});

test("an invalid variable is reported with its name and without its value", () => {
  const { message } = startErrorOf(() => loadConfig({ home, env: { GOCLAW_ENCRYPTION_KEY: "too short" } }));
  expect(message).toBe(
    "The environment variable GOCLAW_ENCRYPTION_KEY must be 64 hex characters, 44 characters of base64, or 32 bytes of text.",
  );
});

test.each([
  "mysql://ana:planted@db.example/goclaw",
  "postgrs:/planted",
  "planted",
  "postgres://ana:plan/ted@db.example/goclaw",
])("%s is refused as a Postgres URL, and the message does not show it", (url) => {
  const { message, exitCode } = startErrorOf(() => loadConfig({ home, env: { DATABASE_URL: url } }));
  expect(message).toBe(
    "The environment variable DATABASE_URL must be a URL that begins with postgres://, special characters of the password percent-encoded.",
  );
  expect(exitCode).toBe(78);
});

test.each(["postgresql://ana:p%2Fw@[::1]:5433/goclaw", "postgres:///goclaw", "postgres://ana@/goclaw?host=/run/pg"])(
  "%s is accepted as a Postgres URL",
  (url) => expect(loadConfig({ home, env: { DATABASE_URL: url } }).config.database.url?.reveal()).toBe(url),
);

test("a Redis URL is accepted, with a warning that it has no effect yet", () => {
  const { config, warnings } = load('{ redis: { url: "redis://localhost" } }');
  expect(config.redis.url?.reveal()).toBe("redis://localhost");
  expect(warnings).toEqual([
    "redis.url (REDIS_URL) has no effect yet: nothing is shared with other gateways over Redis.",
  ]);
});

test('auth "none" is refused on an address that other machines can reach', () => {
  expect(load('{ gateway: { auth: "none" } }').config.gateway.auth).toBe("none");
  const { message } = startErrorOf(() => load('{ gateway: { auth: "none", host: "0.0.0.0" } }'));
  expect(message).toContain("gateway.auth in ");
});

test("printing the configuration shows no secrets", () => {
  const { config } = loadConfig({ home, env: { GOCLAW_GATEWAY_TOKEN: "hush" } });
  expect(JSON.stringify(config) + Bun.inspect(config)).not.toContain("hush");
});

describe("a text of the file that refers to a variable", () => {
  const referTo = (variable: string) => `\${${variable}}`;
  const bot = (token: string) =>
    `{ channels: { instances: { bot: { channel_type: "telegram", credentials: { token: "${token}" } } } } }`;

  test("is that variable, which is no unknown one", () => {
    const { config, warnings } = load(bot(referTo("GOCLAW_BOT_TOKEN")), { GOCLAW_BOT_TOKEN: " 1:abc " });
    expect(config.channels.instances.bot?.credentials.token?.reveal()).toBe("1:abc");
    expect(warnings).toEqual([]);
  });

  test("refers as a whole, not in the middle of other words", () => {
    const text = `{ gateway: { owner_ids: ["${referTo("OWNER")}", "a ${referTo("OWNER")}"] } }`;
    expect(load(text, { OWNER: "ann" }).config.gateway.owner_ids).toEqual(["ann", `a ${referTo("OWNER")}`]);
  });

  test.each([{}, { BOT: " " }])("is refused by the name of its key while the variable is %p", (env) => {
    expect(startErrorOf(() => load(bot(referTo("BOT")), env)).message).toBe(
      `channels.instances["bot"]["credentials"]["token"] in ${join(home, "config.json")} names the environment variable BOT, which is not set.`,
    );
  });
});

test.each([
  ['{ channel_type: "pigeon" }', "channel_type"],
  ['{ channel_type: "telegram", credentials: { token: "planted" } }', '["credentials"]["token"]'],
  ['{ channel_type: "webhook", config: { dm_policy: "maybe" } }', '["config"]["dm_policy"]'],
  ['{ channel_type: "webhook", tokn: 1 }', "has the unknown key tokn"],
])("the account %s is refused by the name of its key, and no credential is shown", (account, words) => {
  const { message } = startErrorOf(() => load(`{ channels: { instances: { bot: ${account} } } }`));
  expect(message).toContain(words);
  expect(message).not.toContain("planted");
});
