import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { systemClock } from "#base/clock.ts";
import { createLogger } from "#base/logger.ts";
import { createMetrics } from "#base/metrics.ts";
import { createAdmission } from "#core/access/admit.ts";
import { createLiveRights } from "#core/access/live-rights.ts";
import { createTokenBucketLimiter } from "#core/access/rate-limiter.ts";
import { defineOperation } from "#core/operation.ts";
import { BytesReply, StreamReply } from "#core/reply.ts";
import { Services } from "#core/service.ts";
import { UploadFolder, uploadFolder } from "#core/uploads/upload-folder.ts";
import { FormFile } from "#core/uploads/uploaded-file.ts";
import { openTestDatabase } from "#testing/test-database.ts";
import { createHttpHandler } from "#transport/http/create-http-handler.ts";
import { listen } from "#transport/http/listen.ts";

const COMMON = { access: "public", summary: "Test", description: "For tests." } as const;

let wasReturned = false;
let produced = 0;

async function* endless() {
  try {
    for (;;) {
      produced++;
      yield `data: ${"x".repeat(64 * 1_024)}\n\n`;
    }
  } finally {
    wasReturned = true;
  }
}

const operations = [
  defineOperation({
    ...COMMON,
    name: "gateway.test.form",
    http: { method: "POST", path: "/form/{id}", status: 201 },
    body: { kind: "multipart", maxBytes: 1_000 },
    input: z.object({ id: z.string(), note: z.string(), file: FormFile }),
    output: z.object({ id: z.string(), note: z.string(), name: z.string(), text: z.string() }),
    run: async (_, { id, note, file }) => ({ id, note, name: file.name, text: await Bun.file(file.path).text() }),
  }),
  defineOperation({
    ...COMMON,
    name: "gateway.test.bytes",
    http: { method: "PUT", path: "/bytes/{path...}" },
    body: { kind: "bytes", maxBytes: 1_000 },
    input: z.object({ path: z.string(), body: z.instanceof(Uint8Array) }),
    output: z.never(),
    answers: { bytes: { mediaType: "application/octet-stream" } },
    run: async (_, { path, body }) => new BytesReply(new Uint8Array(body).reverse(), "text/plain", { "X-Path": path }),
  }),
  defineOperation({
    ...COMMON,
    name: "gateway.test.stream",
    http: { method: "GET", path: "/stream" },
    input: z.object({}),
    output: z.never(),
    answers: { stream: { schema: z.string(), description: "Without an end" } },
    run: async () => new StreamReply(endless()),
  }),
];

describe("bodies and responses other than JSON", async () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-carriers-"));
  const { database, dispose } = await openTestDatabase("sqlite", home);
  const services = new Services().provide(uploadFolder, new UploadFolder(join(home, "uploads")));
  const handler = createHttpHandler({
    operations,
    database,
    services,
    authenticate: () => Promise.reject(new Error("nobody is asked")),
    clock: systemClock,
    logger: createLogger("silent"),
    liveRights: createLiveRights(),
    metrics: createMetrics(),
    admission: createAdmission({
      lifecycle: { state: "ready" },
      limiter: createTokenBucketLimiter(() => 0, systemClock),
      rateScope: () => "all",
    }),
    trustsProxy: false,
    isServedHost: () => true,
    loginCookie: "login",
    allowedOrigins: () => [],
  });
  const server = listen(handler, { host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  afterAll(async () => {
    await server.stop(true);
    await dispose();
    rmSync(home, { recursive: true });
  });

  test("a form's fields and files reach the operation with the path's parameters", async () => {
    const form = new FormData();
    form.set("note", "hello");
    form.set("file", new File(["content"], "a.txt"));
    const answer = await fetch(`${url}/form/7`, { method: "POST", body: form });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ id: "7", note: "hello", name: "a.txt", text: "content" });
  });

  test("a form that is too large, has another type or is malformed is refused", async () => {
    const form = new FormData();
    form.set("file", new File(["x".repeat(2_000)], "a.txt"));
    expect((await fetch(`${url}/form/7`, { method: "POST", body: form })).status).toBe(413);
    expect((await fetch(`${url}/form/7`, { method: "POST", body: "{}" })).status).toBe(415);
    const headers = { "Content-Type": "multipart/form-data" };
    expect((await fetch(`${url}/form/7`, { method: "POST", headers, body: "no boundary" })).status).toBe(400);
  });

  test("bytes pass in and out without conversion, and a parameter may match several path segments", async () => {
    const answer = await fetch(`${url}/bytes/a/b%20c`, { method: "PUT", body: new Uint8Array([1, 2, 255]) });
    expect([...(await answer.bytes())]).toEqual([255, 2, 1]);
    expect([answer.headers.get("content-type"), answer.headers.get("x-path")]).toEqual(["text/plain", "a/b c"]);
  });

  test("a stream is produced as fast as it is read, and ends when its reader disconnects", async () => {
    const controller = new AbortController();
    const answer = await fetch(`${url}/stream`, { signal: controller.signal });
    const reader = answer.body?.getReader();
    await reader?.read();
    // Frames are produced until the socket buffers are full. After that, none are produced until the client reads.
    for (let before = 0; before !== produced; await Bun.sleep(200)) {
      before = produced;
      expect(produced).toBeLessThan(1_000);
    }
    controller.abort();
    while (!wasReturned) await Bun.sleep(5);
  });
});
