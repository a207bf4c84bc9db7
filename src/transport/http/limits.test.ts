import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { rawRequest } from "#testing/raw-request.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;

const KIB = 1_024;
const MIB = 1_024 * KIB;

describe.each([...testDialects()])("request bodies on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { url, token, model } = gateway;
  afterAll(() => gateway.stop());
  const send = async (method: string, path: string, body: Body, headers: Readonly<Record<string, string>> = {}) => {
    const always = { Authorization: `Bearer ${token}`, "X-GoClaw-User-Id": TEST_USER };
    const type = { "Content-Type": "application/json" };
    const response = await fetch(`${url}${path}`, { method, body, headers: { ...always, ...type, ...headers } });
    return { status: response.status, headers: response.headers, ...JSON.parse(await response.text()) };
  };
  const post = (body: Body, headers: Readonly<Record<string, string>> = {}) =>
    send("POST", "/v1/agents/openai/wake", body, headers);
  /** Returns JSON of an exact size in bytes. `ignored` is an unknown field. */
  const sized = (bytes: number, fields: object): string => {
    const empty = JSON.stringify({ ...fields, ignored: "" }).length;
    return JSON.stringify({ ...fields, ignored: "x".repeat(bytes - empty) });
  };
  const inPieces = (text: string): ReadableStream<Uint8Array> => {
    let remaining = Buffer.from(text);
    return new ReadableStream({
      pull(controller) {
        controller.enqueue(remaining.subarray(0, 64 * KIB));
        remaining = remaining.subarray(64 * KIB);
        if (remaining.length === 0) controller.close();
      },
    });
  };
  const wake = { message: "hi" };
  const chat = { model: "goclaw:openai", messages: [{ role: "user", content: "hi" }] };

  test("a body of 1 MiB is accepted and one byte more is refused, with and without a length", async () => {
    expect((await post(sized(MIB, wake))).status).toBe(200);
    expect((await post(inPieces(sized(MIB, wake)))).status).toBe(200);
    for (const body of [sized(MIB + 1, wake), inPieces(sized(MIB + 1, wake))]) {
      const { status, error } = await post(body);
      expect([status, error.code, error.retryable]).toEqual([413, "INVALID_REQUEST", false]);
    }
  });

  test("an update of an agent may have 64 KiB", async () => {
    const path = `/v1/agents/${await gateway.anAgent()}`;
    expect((await send("PUT", path, sized(64 * KIB, {}))).status).toBe(200);
    expect((await send("PUT", path, sized(64 * KIB + 1, {}))).status).toBe(413);
  });

  test("a chat request may have 20 MiB", async () => {
    const path = "/v1/chat/completions";
    expect((await send("POST", path, sized(20 * MIB, chat))).status).toBe(200);
    const { status, error } = await send("POST", path, sized(20 * MIB + 1, chat));
    expect([status, error.type, error.param]).toEqual([413, "invalid_request_error", null]);
  });

  test("JSON may nest up to 100 levels", async () => {
    const nested = (levels: number) => `{"message":"hi","ignored":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    const objects = (levels: number) => `${'{"message":'.repeat(levels - 1)}{}${"}".repeat(levels - 1)}`;
    expect((await post(nested(100))).status).toBe(200);
    expect((await post(objects(100))).error.details.field).toBe("message");
    for (const body of [nested(101), objects(101), nested(100_000), '{"message":'.repeat(90_000)]) {
      const { status, error } = await post(body);
      expect([status, error.code, error.message]).toEqual([
        400,
        "INVALID_REQUEST",
        "the JSON nests deeper than 100 levels",
      ]);
    }
  });

  test("bytes that are not UTF-8 are refused, a byte order mark is skipped", async () => {
    const [head, tail] = [Buffer.from('{"message":"'), Buffer.from('"}')];
    for (const bytes of [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xf0, 0x9f, 0x98]]) {
      const { status, error } = await post(Buffer.concat([head, Buffer.from(bytes), tail]));
      expect([status, error.message]).toEqual([400, "the body is not valid UTF-8"]);
    }
    expect((await post(`\ufeff${JSON.stringify(wake)}`)).content).toBe("echo: hi");
  });

  test.each(["{", "", "{'message':'hi'}", '{"message":"hi"} x', '{"message":"hi",}', "NaN", "[]", "null", '"hi"', "5"])(
    "the body %p is refused",
    async (body) => {
      const { status, error } = await post(body);
      expect([status, error.code]).toEqual([400, "INVALID_REQUEST"]);
    },
  );

  test("an empty body is refused with the name of the missing field", async () => {
    expect((await post(null)).error).toMatchObject({ message: "message is required", details: { field: "message" } });
    const { status, error } = await send("POST", "/v1/chat/completions", null);
    expect([status, error.param]).toEqual([400, "messages"]);
  });

  test("__proto__ and constructor are ordinary fields", async () => {
    const { status, content } = await post('{"message":"hi","__proto__":{"admin":true},"constructor":5}');
    expect([status, content]).toEqual([200, "echo: hi"]);
    expect({}).not.toHaveProperty("admin");
  });

  test("a caller with a token may send JSON with any content type, and other content gives 415", async () => {
    const json = JSON.stringify(wake);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/json ;charset=utf-8",
      "",
      "x",
    ]) {
      expect([(await post(json, { "Content-Type": type })).status, type]).toEqual([200, type]);
    }
    expect((await post("message=hi", { "Content-Type": "text/plain" })).status).toBe(415);
    expect((await post("{", { "Content-Type": "application/problem+json" })).status).toBe(400);
    for (const value of ["[]", "null", '"text"', "5"]) {
      const { status, error } = await post(value);
      expect([status, error.message]).toEqual([400, "the body must be a JSON object"]);
    }
  });

  test("a compressed body gives 415", async () => {
    const before = model.requests.length;
    const { status, error } = await post(gzipSync(JSON.stringify(wake)), { "Content-Encoding": "gzip" });
    expect([status, error.code]).toEqual([415, "INVALID_REQUEST"]);
    expect((await post(JSON.stringify(wake), { "Content-Encoding": "identity" })).status).toBe(200);
    expect(model.requests.length).toBe(before + 1);
  });

  test.each([
    ["without a token", "/v1/agents/openai/wake", ""],
    ["that is too large", "/v1/agents/openai/wake", `Authorization: Bearer ${token}\r\n`],
    ["to an unknown path", "/v1/nowhere", `Authorization: Bearer ${token}\r\n`],
  ])("the rest of an endless body %s is not read after the refusal", async (_, path, authorization) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    const { promise: isClosed, resolve } = Promise.withResolvers<void>();
    let answer = "";
    let sent = 0;
    socket.on("data", (part) => {
      answer += String(part);
    });
    socket.on("close", () => resolve());
    // The other side closes in the middle of what is sent.
    socket.on("error", () => {});
    socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${authorization}Transfer-Encoding: chunked\r\n\r\n`);
    const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
    const go = () => {
      if (socket.destroyed) return;
      sent += 65_536;
      if (socket.write(piece)) setImmediate(go);
      else socket.once("drain", go);
    };
    go();
    await isClosed;
    // The close may overtake the answer, because the client still sends.
    expect(answer).toMatch(/^(?:HTTP\/1\.1 4\d\d |$)/);
    expect(sent).toBeLessThan(60 * MIB);
  });

  test("a refused body without a length that ends soon leaves the connection open, and its answer is read", async () => {
    const head = "POST /v1/agents/openai/wake HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    const answers = await rawRequest(url, `${head}5\r\nhello\r\n0\r\n\r\nGET /health HTTP/1.0\r\nHost: a\r\n\r\n`);
    expect(answers.match(/HTTP\/1\.[01] \d{3}/g)).toEqual(["HTTP/1.1 401", "HTTP/1.1 200"]);
  });
});
