import { afterAll, describe, expect, test } from "bun:test";
import { aKey, OWNER } from "#features/tenants/tenant-fixture.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

/** Starts a gateway with a limit of 60 requests a minute. Its clock moves only when a test calls `later`. */
async function startLimited(env: Readonly<Record<string, string>> = {}) {
  let now = new Date();
  const gateway = await startTestGateway({
    env: { GOCLAW_RATE_LIMIT_RPM: "60", ...env },
    clock: { now: () => now },
  });
  const statuses = async (count: number, options: CallOptions, path = "/v1/agents", method = "GET") => {
    const body = method === "POST" ? {} : undefined;
    const all: number[] = [];
    for (let index = 0; index < count; index++) all.push((await gateway.call(method, path, body, options)).status);
    return all;
  };
  return {
    ...gateway,
    statuses,
    later: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1_000);
    },
  };
}

const FIVE_PASS = [200, 200, 200, 200, 200, 429];
const FIVE_FAIL = [401, 401, 401, 401, 401, 429];

describe("a limit of sixty requests a minute", async () => {
  const gateway = await startLimited();
  const { statuses, later, call } = gateway;
  afterAll(() => gateway.stop());

  test("admits five at once, and one more each second", async () => {
    expect(await statuses(6, { user: "ada" })).toEqual(FIVE_PASS);
    later(0.999);
    expect(await statuses(1, { user: "ada" })).toEqual([429]);
    later(0.001);
    expect(await statuses(2, { user: "ada" })).toEqual([200, 429]);
    later(3_600);
    expect(await statuses(6, { user: "ada" })).toEqual(FIVE_PASS);
  });

  test("returns when to retry, with a message in the caller's language", async () => {
    await statuses(5, { user: "bob" });
    const { headers, body } = await call("GET", "/v1/agents", undefined, { user: "bob" });
    expect(headers.get("retry-after")).toBe("60");
    expect(body.error).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      retryable: true,
      retryAfterMs: 60_000,
      details: { reason: "rate_limit" },
    });
    const zh = await call("GET", "/v1/agents", undefined, { user: "bob", headers: { "Accept-Language": "zh" } });
    expect(zh.body.error.message).not.toBe(body.error.message);
  });

  test("counts each user of each tenant separately, across all tokens", async () => {
    later(60);
    const key = await aKey(gateway, ["read"]);
    expect(await statuses(4, { user: "carl" })).toEqual([200, 200, 200, 200]);
    expect(await statuses(2, { user: "carl", bearer: key.bearer })).toEqual([200, 429]);
    expect(await statuses(6, { user: "dora" })).toEqual(FIVE_PASS);
    await call("POST", "/v1/tenants", { name: "acme", slug: "acme" }, OWNER);
    expect(await statuses(6, { user: "carl", headers: { "X-GoClaw-Tenant-Id": "acme" } })).toEqual(FIVE_PASS);
  });

  test("counts each key without a user separately", async () => {
    later(60);
    const [one, two] = [await aKey(gateway, ["read"]), await aKey(gateway, ["read"])];
    expect(await statuses(6, { bearer: one.bearer, user: null }, "/v1/runs")).toEqual(FIVE_PASS);
    expect(await statuses(6, { bearer: two.bearer, user: null }, "/v1/runs")).toEqual(FIVE_PASS);
  });

  test("counts refused requests too", async () => {
    expect(await statuses(6, { user: "finn" }, "/v1/agents/nobody")).toEqual([404, 404, 404, 404, 404, 429]);
    expect(await statuses(6, { user: "gwen" }, "/v1/agents", "POST")).toEqual([400, 400, 400, 400, 400, 429]);
  });

  test("counts failed authentication against the socket address and ignores forwarded addresses", async () => {
    later(60);
    expect(await statuses(3, { bearer: "wrong", headers: { "X-Forwarded-For": "1.1.1.1" } })).toEqual([401, 401, 401]);
    expect(await statuses(3, { bearer: null, headers: { "X-Real-IP": "2.2.2.2" } })).toEqual([401, 401, 429]);
    expect(await statuses(1, { user: "hugo" })).toEqual([200]);
    expect(await statuses(1, { user: null })).toEqual([200]);
  });

  test("does not apply to health checks", async () => {
    expect(await statuses(20, { bearer: null }, "/health")).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await statuses(20, { bearer: null }, "/ready")).toEqual(Array.from({ length: 20 }, () => 200));
  });
});

describe("a limit on runs only", async () => {
  const { statuses, stop } = await startLimited({ GOCLAW_GATEWAY_RATE_LIMIT_SCOPE: "runs" });
  afterAll(stop);

  test("counts all calls that start a run together, and no other calls", async () => {
    const options = { user: "ada" };
    expect(await statuses(10, options)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await statuses(2, options, "/v1/chat/completions", "POST")).toEqual([400, 400]);
    expect(await statuses(2, options, "/v1/agents/nobody/wake", "POST")).toEqual([400, 400]);
    expect(await statuses(2, options, "/v1/agents/nobody/runs", "POST")).toEqual([400, 429]);
    expect(await statuses(1, options, "/v1/chat/completions", "POST")).toEqual([429]);
    expect(await statuses(1, options)).toEqual([200]);
  });
});

describe("a limit behind a trusted proxy", async () => {
  const { statuses, stop } = await startLimited({ GOCLAW_GATEWAY_TRUSTED_PROXIES: "true" });
  afterAll(stop);
  const from = (address: string) => ({ bearer: null, headers: { "X-Forwarded-For": address } });

  test("identifies callers by the address that the proxy saw", async () => {
    expect(await statuses(6, from("9.9.9.9, 1.1.1.1"))).toEqual(FIVE_FAIL);
    expect(await statuses(1, from("8.8.8.8, 1.1.1.1"))).toEqual([429]);
    expect(await statuses(6, from("9.9.9.9, 1.1.1.2"))).toEqual(FIVE_FAIL);
  });

  test("counts the addresses of one IPv6 network together", async () => {
    expect(await statuses(5, from("2001:db8:1:2::1"))).toEqual(FIVE_FAIL.slice(0, 5));
    expect(await statuses(1, from("2001:db8:1:2:ffff::9"))).toEqual([429]);
    expect(await statuses(1, from("2001:db8:1:3::1"))).toEqual([401]);
  });
});

describe("a limit while somebody sets the machine's time", async () => {
  const time = { wall: Date.now(), elapsed: 0 };
  const clock = { now: () => new Date(time.wall), elapsed: () => time.elapsed };
  const gateway = await startTestGateway({ env: { GOCLAW_RATE_LIMIT_RPM: "60" }, clock });
  afterAll(() => gateway.stop());
  const statusFor = async (options: CallOptions) =>
    (await gateway.call("GET", "/v1/agents", undefined, options)).status;

  test.each([-86_400_000, 86_400_000])("by %p ms shuts nobody out and lets nobody in", async (step) => {
    const callers: readonly (readonly [CallOptions, number])[] = [
      [{ user: `u${step}` }, 200],
      [{ bearer: "wrong" }, 401],
    ];
    for (const [options, passed] of callers) {
      for (let count = 0; count < 5; count++) expect(await statusFor(options)).toBe(passed);
      time.wall += step;
      expect(await statusFor(options)).toBe(429);
      time.elapsed += 1_000;
      expect([await statusFor(options), await statusFor(options)]).toEqual([passed, 429]);
      time.elapsed += 10_000;
    }
  });
});
