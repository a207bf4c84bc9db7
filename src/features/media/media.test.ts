import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { testDialects } from "#testing/test-database.ts";
import { type CallOptions, startTestGateway } from "#testing/test-gateway.ts";

const PNG = new Uint8Array(Buffer.from("\x89PNG\r\n\x1a\n<script>alert(1)</script>", "latin1"));

describe.each([...testDialects()])("media on %s", async (dialect) => {
  const gateway = await startTestGateway({ dialect });
  const { call, home } = gateway;
  afterAll(gateway.stop);
  const upload = (name: string, content: string | Uint8Array<ArrayBuffer>, options: CallOptions = {}) =>
    call("POST", "/v1/media/upload", aForm(name, content), options);
  const open = (url: string, options: CallOptions = {}) => call("GET", url, undefined, options);
  const uploads = () => readdirSync(join(home, "cache", "uploads"));

  test.each(["ảnh của tôi.png", "我的图片.png", "🦊.png"])("%s is stored and read back in parts", async (name) => {
    const { status, body } = await upload(name, PNG);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: body.id,
      url: `/v1/media/${body.id}`,
      path: `media/${body.id}`,
      mime_type: "image/png",
      filename: name,
      size: PNG.length,
    });
    const answer = await open(body.url);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("cache-control")).toBe("private, max-age=86400");
    expect(answer.headers.get("content-security-policy")).toStartWith("sandbox");
    const part = await open(body.url, { headers: { Range: "bytes=1-3" } });
    expect([part.status, part.text, part.headers.get("content-range")]).toEqual([
      206,
      "PNG",
      `bytes 1-3/${PNG.length}`,
    ]);
    const tag = answer.headers.get("etag") ?? "";
    expect((await open(body.url, { headers: { "If-None-Match": tag } })).status).toBe(304);
    expect((await open(`${body.url}?token=${gateway.token}`, { bearer: null })).status).toBe(200);
    expect(uploads()).toEqual([]);
  });

  test.each([
    ["page.html", "<script>alert(1)</script>", "application/octet-stream"],
    ["image.svg", "<svg onload='alert(1)'/>", "application/octet-stream"],
    ["image.png", "<script>alert(1)</script>", "application/octet-stream"],
    ["image.gif", PNG, "image/png"],
    ["notes.txt", PNG, "image/png"],
    ["paper.txt", "%PDF-1.7", "application/pdf"],
    ["paper.pdf", "<html>", "application/octet-stream"],
    ["noname", "<html>", "application/octet-stream"],
    ["notes.txt", "<html>", "text/plain"],
  ] as const)("%s with other bytes than it says has a type that runs nothing", async (name, content, type) => {
    const { body } = await upload(name, content);
    expect(body.mime_type).toBe(type);
    const { headers } = await open(body.url);
    const isShown = type === "image/png" || type === "text/plain";
    expect(headers.get("content-disposition")).toStartWith(isShown ? "inline" : "attachment; ");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    const download = await open(`${body.url}?download=true`);
    expect(download.headers.get("content-disposition")).toStartWith("attachment; ");
  });

  test("the type that a client claims for a file counts for nothing", async () => {
    const form = new FormData();
    form.set("file", new File(["<script>alert(1)</script>"], "image.png", { type: "text/html" }));
    const { body } = await call("POST", "/v1/media/upload", form);
    expect(body.mime_type).toBe("application/octet-stream");
    expect((await open(body.url)).headers.get("content-disposition")).toStartWith("attachment; ");
  });

  test("a file belongs to its user, within its tenant", async () => {
    const bob = { ...(await aKey(gateway, ["write"])), user: "bob" };
    const { url, id } = (await upload("a.txt", "bob's", bob)).body;
    expect((await open(url, bob)).text).toBe("bob's");
    expect((await open(url)).text).toBe("bob's");
    expect((await open(url, { ...bob, user: "eve" })).status).toBe(404);
    await aTenant(gateway, "media-apart");
    expect((await open(url, { headers: { "X-GoClaw-Tenant-Id": "media-apart" } })).status).toBe(404);
    expect((await open(url, { bearer: null })).status).toBe(401);
    for (const bad of ["..bad", "x", `${id}x`, "%2e%2e%2f"]) expect((await open(`/v1/media/${bad}`)).status).toBe(404);
  });

  test("an upload is a form with one named file", async () => {
    const statusOf = async (body: unknown, options: CallOptions = {}) =>
      (await call("POST", "/v1/media/upload", body, options)).status;
    expect(await statusOf(aForm("a.txt", "x", "other"))).toBe(400);
    expect(await statusOf({ file: { path: "/etc/passwd", name: "x", size: 1, sha256: "" } })).toBe(415);
    const text = new FormData();
    text.set("file", "/etc/passwd");
    expect(await statusOf(text)).toBe(400);
    for (const name of ["", ".", "..", "a/..", "\u0007.txt", "x".repeat(300)])
      expect(await statusOf(aForm(name, "x"))).toBe(400);
    expect((await upload("../../../etc/cron.d/x", "x")).body.filename).toBe("x");
    expect((await upload("C:\\users\\x.txt", "x")).body.filename).toBe("x.txt");
    expect(await statusOf(aForm("a.txt", "x"), await aKey(gateway, ["read"]))).toBe(403);
    expect(uploads()).toEqual([]);
  });

  test("an upload of more than 50 MiB is refused, and nothing of it stays", async () => {
    const pieces = Array.from({ length: 51 }, () => new Uint8Array(1_048_576));
    const form = new FormData();
    form.set("file", new File(pieces, "large.bin"));
    const { status, body } = await call("POST", "/v1/media/upload", form);
    expect([status, body.error.code]).toEqual([413, "INVALID_REQUEST"]);
    // Without a length, the gateway counts what comes.
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
    const sent = { count: 0 };
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(sent.count++ === 0 ? new TextEncoder().encode(head) : new Uint8Array(1_048_576));
      },
    });
    const answer = await fetch(`${gateway.url}/v1/media/upload`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${gateway.token}`,
        "Content-Type": "multipart/form-data; boundary=b",
      },
      body: stream,
    }).then(
      ({ status }) => status,
      () => "closed",
    );
    expect([413, "closed"]).toContain(answer);
    expect(uploads()).toEqual([]);
  });

  test("under one idempotency key, a file is stored once", async () => {
    const headers = { "Idempotency-Key": `media-once-${dialect}` };
    const once = await upload("a.txt", "1", { headers });
    expect((await upload("a.txt", "1", { headers })).body).toEqual(once.body);
    expect((await upload("a.txt", "2", { headers })).status).toBe(409);
    const same = await upload("b.txt", "1");
    expect(same.body.id).not.toBe(once.body.id);
  });
});
