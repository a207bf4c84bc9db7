import { afterAll, describe, expect, test } from "bun:test";
import { startTestGateway } from "#testing/test-gateway.ts";

const anyone = { bearer: null, user: null } as const;

describe("the docs", async () => {
  const gateway = await startTestGateway();
  afterAll(() => gateway.stop());
  const get = (path: string) => gateway.call("GET", path, undefined, anyone);

  test("the document is public, the same at both addresses, and readable from other origins", async () => {
    const [own, alias] = await Promise.all([get("/docs/openapi.json"), get("/v1/openapi.json")]);
    expect([own.status, alias.status]).toEqual([200, 200]);
    expect(alias.text).toBe(own.text);
    expect(own.body.info).toMatchObject({ title: "GoClaw", license: { name: "MIT" } });
    expect(own.headers.get("access-control-allow-origin")).toBe("*");
    expect(own.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(own.headers.get("etag")).toBe(alias.headers.get("etag"));
  });

  test("the page may load only its own files and call only this gateway", async () => {
    const { headers, status } = await get("/docs");
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toStartWith("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(policy).not.toContain("unsafe");
  });

  test("the page has no inline script and no external link, regardless of the query", async () => {
    const page = await get("/docs");
    expect((await get("/docs?url=https://evil.example/api.json&configUrl=//evil.example")).text).toBe(page.text);
    expect(page.text).not.toMatch(/https?:|"\/\/|<script>|style=|\son\w+=/);
    const show = await get("/docs/assets/show-docs.js");
    expect(show.text).not.toMatch(/https?:|location/);
  });

  test.each(["/docs", "/docs/"])("the relative links of %s lead to its files", async (path) => {
    const page = await get(path);
    const links = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "");
    const files = links.filter((link) => !link.startsWith("data:"));
    expect(files).toHaveLength(3);
    for (const file of files) {
      const { pathname } = new URL(file, `http://gateway/prefix${path}`);
      expect(pathname).toStartWith("/prefix/docs/assets/");
      const asset = await get(pathname.slice("/prefix".length));
      const type = pathname.endsWith(".css") ? "text/css" : "text/javascript";
      expect([pathname, asset.status, asset.headers.get("content-type")]).toEqual([
        pathname,
        200,
        `${type}; charset=utf-8`,
      ]);
      expect(asset.text.length).toBeGreaterThan(100);
    }
  });

  test("no other file is served", async () => {
    for (const file of ["package.json", "index.html", "..%2fpackage.json", "swagger-ui.css%00", "constructor"]) {
      expect([file, (await get(`/docs/assets/${file}`)).status]).toEqual([file, 404]);
    }
  });
});

describe("the docs behind a token", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_GATEWAY_DOCS_AUTH: "true" } });
  afterAll(() => gateway.stop());

  test.each(["/docs", "/docs/", "/docs/openapi.json", "/v1/openapi.json", "/docs/assets/swagger-ui.css"])(
    "%s requires a token",
    async (path) => {
      expect((await gateway.call("GET", path, undefined, anyone)).status).toBe(401);
      expect((await gateway.call("GET", path)).status).toBe(200);
    },
  );
});
