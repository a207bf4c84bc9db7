import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const TEXT = "0123456789abcdefghij";
const LARGE = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));

describe("parts of files", async () => {
  const gateway = await startTestGateway();
  const { call } = gateway;
  afterAll(gateway.stop);
  beforeAll(() => {
    writeWorkspace(gateway, { "a.txt": TEXT, "empty.txt": "", "large.bin": LARGE });
  });
  const ask = (headers: Record<string, string>, path = "a.txt", method = "GET") =>
    call(method, `/v1/files/${path}`, undefined, { headers });
  const range = (value: string, path?: string) => ask({ Range: value }, path);

  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/20"],
    ["bytes=5-5", "5", "bytes 5-5/20"],
    ["bytes=15-", "fghij", "bytes 15-19/20"],
    ["bytes=-4", "ghij", "bytes 16-19/20"],
    ["bytes=-100", TEXT, "bytes 0-19/20"],
    ["bytes=18-999999999999999", "ij", "bytes 18-19/20"],
    ["Bytes=0-0", "0", "bytes 0-0/20"],
  ])("%s gives that part", async (value, text, contentRange) => {
    const answer = await range(value);
    expect([answer.status, answer.text, answer.headers.get("content-range")]).toEqual([206, text, contentRange]);
    expect(answer.headers.get("content-length")).toBe(String(text.length));
  });

  test.each(["bytes=20-", "bytes=99-100", "bytes=-0"])("%s is not in the file", async (value) => {
    const answer = await range(value);
    expect([answer.status, answer.body.error.code]).toEqual([416, "INVALID_REQUEST"]);
    expect(answer.headers.get("content-range")).toBe("bytes */20");
  });

  test.each([
    "bytes=3-1",
    "bytes=-",
    "bytes=a-b",
    "lines=0-3",
    "bytes=0-3,5-7",
    `bytes=${Array.from({ length: 1_000 }, (_, n) => `${n}-${n}`).join(",")}`,
    "bytes=0-99999999999999999999",
    "bytes=-5-3",
  ])("%p gives the whole file", async (value) => {
    const answer = await range(value);
    expect([answer.status, answer.text, answer.headers.get("content-range")]).toEqual([200, TEXT, null]);
  });

  test("an empty file has no parts, and is whole", async () => {
    expect((await range("bytes=0-", "empty.txt")).status).toBe(416);
    expect((await ask({}, "empty.txt")).status).toBe(200);
  });

  test("If-Range gives a part only of the file that the client knows", async () => {
    const { headers } = await ask({});
    const tag = headers.get("etag") ?? "";
    const date = headers.get("last-modified") ?? "";
    const part = async (condition: string) => (await ask({ Range: "bytes=0-3", "If-Range": condition })).status;
    expect([await part(tag), await part(date)]).toEqual([206, 206]);
    const others = [`W/${tag}`, '"other"', "Thu, 01 Jan 1970 00:00:00 GMT", "yesterday"];
    expect(await Promise.all(others.map(part))).toEqual([200, 200, 200, 200]);
  });

  test("a client that has the file gets no bytes again, until it changes", async () => {
    const { headers } = await ask({});
    const tag = headers.get("etag") ?? "";
    const date = headers.get("last-modified") ?? "";
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
      const answer = await ask({ "If-None-Match": known, Range: "bytes=0-1" });
      expect([answer.status, answer.text, answer.headers.get("etag")]).toEqual([304, "", tag]);
    }
    expect((await ask({ "If-Modified-Since": date })).status).toBe(304);
    expect((await ask({ "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT" })).status).toBe(200);
    // The tag decides where both are given.
    expect((await ask({ "If-None-Match": '"other"', "If-Modified-Since": date })).status).toBe(200);
    writeWorkspace(gateway, { "a.txt": TEXT.toUpperCase() });
    expect((await ask({ "If-None-Match": tag })).status).toBe(200);
    writeWorkspace(gateway, { "a.txt": TEXT });
  });

  test("HEAD has the headers of the whole file and no bytes", async () => {
    const answer = await ask({ Range: "bytes=0-3" }, "a.txt", "HEAD");
    expect([answer.status, answer.text, answer.headers.get("content-length")]).toEqual([200, "", "20"]);
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const missing = await fetch(`${gateway.url}/v1/files/none.txt`, {
      method: "HEAD",
      headers: { Authorization: `Bearer ${gateway.token}` },
    });
    expect(missing.status).toBe(404);
  });

  test("a large file and its parts are the same bytes", async () => {
    const fetchBytes = async (headers: Record<string, string>) => {
      const answer = await fetch(`${gateway.url}/v1/files/large.bin`, {
        headers: { Authorization: `Bearer ${gateway.token}`, ...headers },
      });
      return Buffer.from(await answer.arrayBuffer());
    };
    expect((await fetchBytes({})).equals(LARGE)).toBe(true);
    expect((await fetchBytes({ Range: "bytes=1000-251000" })).equals(LARGE.subarray(1_000, 251_001))).toBe(true);
    expect((await fetchBytes({ Range: "bytes=-70000" })).equals(LARGE.subarray(-70_000))).toBe(true);
  });
});
