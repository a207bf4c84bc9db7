import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";

const PNG_MAGIC = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** Returns a PNG header followed by zeros. The size is the limit plus `extra` bytes. */
const aPicture = (extra: number) =>
  Buffer.concat([PNG_MAGIC, Buffer.alloc(LIMITS.imageBytes + extra - PNG_MAGIC.length)]);

/** Serves a picture that exceeds the limit: `/5` by 5 bytes with a Content-Length, `/5/stream` without one. */
function aPictureServer() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const [, extra, isStreamed] = new URL(request.url).pathname.split("/");
      const picture = aPicture(Number(extra));
      return new Response(isStreamed ? new Blob([picture]).stream() : picture);
    },
  });
  return { host: `127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

describe("the size of an image in a conversation", async () => {
  const pictures = aPictureServer();
  const gateway = await startChatGateway({ wires: ["openai"], allowHosts: [pictures.host] });
  afterAll(async () => {
    await gateway.stop();
    await pictures.stop();
  });
  const look = (url: string) => {
    const content = [{ type: "image_url", image_url: { url } }];
    const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
    return gateway.call("POST", "/v1/chat/completions", body);
  };
  const places: readonly (readonly [place: string, refusal: string, toUrl: (extra: number) => string])[] = [
    [
      "in a data: URL",
      `> ${LIMITS.imageBytes} bytes`,
      (extra) => `data:image/png;base64,${aPicture(extra).toString("base64")}`,
    ],
    ["from a server that sends its length", "the answer is too large", (extra) => `http://${pictures.host}/${extra}`],
    [
      "from a server that does not send its length",
      "the answer is too large",
      (extra) => `http://${pictures.host}/${extra}/stream`,
    ],
  ];

  test.each(places)("%s may reach the limit", async (_place, _refusal, toUrl) => {
    expect((await look(toUrl(0))).status).toBe(200);
  });

  test.each(places)("%s may not exceed the limit by one byte", async (_place, refusal, toUrl) => {
    const before = gateway.model.requests.length;
    const { status, body } = await look(toUrl(1));
    expect([status, body.error.param]).toEqual([400, "messages.0.content.0.image_url.url"]);
    expect(body.error.message).toContain(refusal);
    expect(gateway.model.requests.length).toBe(before);
  });
});
