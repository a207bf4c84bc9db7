import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startTestGateway } from "#testing/test-gateway.ts";

const BUILT = join(import.meta.dir, "../../dist/web");
const HTML = { Accept: "text/html,application/xhtml+xml" };

const gateway = await startTestGateway({ hasPages: true });
afterAll(() => gateway.stop());
/** Sends a request without credentials, and leaves the answer as it travels. */
const get = (path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") =>
  fetch(`${gateway.url}${path}`, { method, decompress: false, headers: { "Accept-Encoding": "identity", ...headers } });
const document = await (await get("/", HTML)).text();
const referred = [...document.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = ""]) => path);
const entry = referred.find((path) => path.endsWith(".js")) ?? "";
const styles = referred.find((path) => path.endsWith(".css")) ?? "";

describe("a file of the dashboard", () => {
  test.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["identity", null],
  ])(
    "is sent to a browser that accepts %p in the encoding %p, and is never asked for again",
    async (accepted, encoding) => {
      for (const path of [entry, styles]) {
        const { status, headers } = await get(path, { "Accept-Encoding": accepted }, "HEAD");
        expect([status, headers.get("content-encoding")]).toEqual([200, encoding]);
        expect(headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
        expect(headers.get("vary")).toContain("Accept-Encoding");
        expect(headers.get("x-content-type-options")).toBe("nosniff");
      }
    },
  );

  test("is the same in every encoding", async () => {
    const plain = await (await get(entry)).bytes();
    const packed = await (await get(entry, { "Accept-Encoding": "br" })).bytes();
    expect(packed.length).toBeLessThan(plain.length / 2);
    expect(Bun.hash(await (await fetch(`${gateway.url}${entry}`)).bytes())).toBe(Bun.hash(plain));
  });

  test("that is not there is a refusal in JSON, so that nobody keeps a document in its place", async () => {
    const answer = await get("/assets/index-00000000.js", HTML);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "NOT_FOUND" } });
  });

  test("is in the list of the executable, and each of the list is on the disk", async () => {
    const { DASHBOARD_FILES } = await import(join(BUILT, "dashboard-files.ts"));
    const built = [...new Bun.Glob("**/*").scanSync({ cwd: BUILT })].map((path) => join(BUILT, path));
    const listed: readonly string[] = Object.values<Readonly<Record<string, string>>>(DASHBOARD_FILES).flatMap((file) =>
      Object.values(file),
    );
    expect([...listed, join(BUILT, "dashboard-files.ts")].sort()).toEqual(built.sort());
    expect(listed.every((path) => existsSync(path))).toBe(true);
  });
});

describe("the document", () => {
  test("has a policy that allows its own files alone, with another nonce each time", async () => {
    const policies = await Promise.all(
      [get("/", HTML), get("/agents", HTML)].map(async (answer) => readPolicy(await answer)),
    );
    for (const { directives, nonce, body } of policies) {
      expect(directives).toMatchObject({
        ...{ "default-src": "'none'", "script-src": "'self'", "connect-src": "'self'", "base-uri": "'none'" },
        ...{ "form-action": "'none'", "frame-ancestors": "'none'", "font-src": "'self'" },
      });
      expect(directives["style-src"]).toBe(`'self' 'nonce-${nonce}'`);
      expect(Object.values(directives).join(" ")).not.toMatch(/unsafe|\*|https?:/);
      expect(body).toContain(nonce);
      expect(body).not.toContain("CSP_NONCE");
      expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=/);
    }
    expect(policies[0]?.nonce).not.toBe(policies[1]?.nonce);
  });

  test("is asked for anew each time, and answers a HEAD", async () => {
    const { status, headers } = await get("/", HTML, "HEAD");
    expect([status, headers.get("cache-control")]).toEqual([200, "no-cache"]);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  test.each(["/", "/agents", "/agents/support?tab=files", "/nowhere", "/nowhere/at/all", "/v2/agents"])(
    "is what a browser gets at %s",
    async (path) => {
      const answer = await get(path, HTML);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      expect(await answer.text()).toContain('id="root"');
    },
  );

  test.each([
    ["GET", "/v1/nowhere", HTML, 404],
    ["GET", "/v1", HTML, 404],
    ["GET", "/nowhere", { Accept: "*/*" }, 404],
    ["GET", "/agents", { Accept: "application/json" }, 404],
    ["POST", "/agents", HTML, 404],
    ["DELETE", "/nowhere", HTML, 404],
  ] as const)("is not what %s %s is answered with for %p", async (method, path, headers, status) => {
    const answer = await get(path, headers, method);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/json; charset=utf-8"]);
    expect(await answer.json()).toHaveProperty("error.code");
  });
});

async function readPolicy(answer: Response) {
  const policy = answer.headers.get("content-security-policy") ?? "";
  const directives = Object.fromEntries(
    policy.split("; ").map((line) => {
      const [name = "", ...values] = line.split(" ");
      return [name, values.join(" ")];
    }),
  );
  return { directives, nonce: /'nonce-([\w-]+)'/.exec(policy)?.[1] ?? "no nonce", body: await answer.text() };
}
