import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { DAY } from "#base/clock.ts";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const PUBLIC = { bearer: null, user: null };

describe.each([...testDialects()])("credentials in the links to files on %s", async (dialect) => {
  let now = new Date();
  const gateway = await startTestGateway({ dialect, clock: { now: () => now } });
  const { call, token } = gateway;
  afterAll(gateway.stop);
  beforeAll(() => {
    writeWorkspace(gateway, { "a b.txt": "spaced", "other.txt": "other", "etc/x/y": "own" });
  });
  const sign = async (path: string): Promise<string> => (await call("POST", "/v1/files/sign", { path })).body.url;
  const open = async (url: string) => {
    const { status, text } = await call("GET", url, undefined, PUBLIC);
    return status === 200 ? text : status;
  };

  test("a signed link opens its file alone, in every spelling, until it expires", async () => {
    const url = await sign("a b.txt");
    const [path = "", ft = ""] = url.split("?ft=");
    expect(await open(url)).toBe("spaced");
    expect(await open(`/v1/files/%61%20b.txt?ft=${ft}`)).toBe("spaced");
    expect(await open(`${url}&download=true`)).toBe("spaced");
    expect(await open(`/v1/files/other.txt?ft=${ft}`)).toBe(401);
    expect(await open(path)).toBe(401);
    const [signature = "", expiry = "", tenant = ""] = ft.split(".");
    const forged = [
      `${signature}.${Number(expiry) + 1}.${tenant}`,
      `${signature}.${expiry}`,
      `${signature.slice(0, -1)}.${expiry}.${tenant}`,
      `${"A".repeat(43)}.${expiry}.${tenant}`,
      "abc.1",
      "",
    ];
    for (const bad of forged) expect(await open(`${path}?ft=${bad}`)).toBe(401);
    now = new Date(now.getTime() + DAY + 1_000);
    expect(await open(url)).toBe(401);
  });

  test("a bad link is refused although the request has a good token", async () => {
    expect((await call("GET", "/v1/files/other.txt?ft=abc.1")).status).toBe(401);
    expect((await call("GET", `/v1/files/other.txt?ft=abc.1&token=${token}`, undefined, PUBLIC)).status).toBe(401);
  });

  test("a link opens a file of its tenant, and no longer than the tenant is active", async () => {
    await aTenant(gateway, "apart");
    const options = { headers: { "X-GoClaw-Tenant-Id": "apart" } };
    const form = new FormData();
    form.set("file", new File(["apart"], "other.txt"));
    await call("POST", "/v1/storage/files", form, options);
    const { url } = (await call("POST", "/v1/files/sign", { path: "/v1/files/other.txt" }, options)).body;
    expect(await open(url)).toBe("apart");
    const master = (await sign("other.txt")).split(".").at(-1);
    expect(await open(url.replace(/[^.]+$/, master ?? ""))).toBe(401);
    await call("PATCH", "/v1/tenants/apart", { status: "suspended" }, { user: "system" });
    expect(await open(url)).toBe(403);
  });

  test("a token in the query counts on these routes alone, and only without a bearer", async () => {
    expect(await open(`/v1/files/other.txt?token=${token}`)).toBe("other");
    expect(await open(`/v1/files/other.txt?token=${token}x`)).toBe(401);
    for (const path of ["/v1/files", "/v1/agents", "/v1/storage/files/other.txt", "/v1/storage/size"]) {
      expect(await open(`${path}?token=${token}`)).toBe(401);
      expect(await open(`${path}?ft=${(await sign("other.txt")).split("=").at(-1)}`)).toBe(401);
    }
    const wrong = { bearer: "wrong" };
    expect((await call("GET", `/v1/files/other.txt?token=${token}`, undefined, wrong)).status).toBe(401);
    expect((await call("DELETE", `/v1/storage/other.txt?token=${token}`, undefined, PUBLIC)).status).toBe(401);
  });

  test("signing needs a file, a path in the workspace, and the right to write", async () => {
    const statusOf = async (path: string, options = {}) =>
      (await call("POST", "/v1/files/sign", { path }, options)).status;
    expect(await statusOf("none.txt")).toBe(404);
    expect(await statusOf("")).toBe(400);
    expect(await statusOf("../a")).toBe(400);
    expect(await statusOf("/etc/passwd")).toBe(403);
    expect(await statusOf("/v1/files/%zz")).toBe(400);
    expect(await open(await sign("/etc/x/y"))).toBe("own");
    expect(await statusOf("other.txt", await aKey(gateway, ["read"]))).toBe(403);
  });
});
