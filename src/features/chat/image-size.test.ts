import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";

const PNG_MAGIC = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

/** As many bytes as the limit allows, and so many more, which begin as a picture does. */
const aPicture = (more: number) =>
  Buffer.concat([PNG_MAGIC, Buffer.alloc(LIMITS.imageBytes + more - PNG_MAGIC.length)]);

/** Hands out a picture that is so much too large: `/5` with its length said before, `/5/stream` without. */
function aPictureServer() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const [, more, isStreamed] = new URL(request.url).pathname.split("/");
      const picture = aPicture(Number(more));
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
  const places: readonly (readonly [place: string, refusal: string, toUrl: (more: number) => string])[] = [
    [
      "in a data: URL",
      `> ${LIMITS.imageBytes} bytes`,
      (more) => `data:image/png;base64,${aPicture(more).toString("base64")}`,
    ],
    ["from a server that says it", "the answer is too large", (more) => `http://${pictures.host}/${more}`],
    [
      "from a server that does not say it",
      "the answer is too large",
      (more) => `http://${pictures.host}/${more}/stream`,
    ],
  ];

  test.each(places)("%s may be the limit", async (_place, _refusal, toUrl) => {
    expect((await look(toUrl(0))).status).toBe(200);
  });

  test.each(places)("%s may not be a byte more", async (_place, refusal, toUrl) => {
    const before = gateway.model.requests.length;
    const { status, body } = await look(toUrl(1));
    expect([status, body.error.param]).toEqual([400, "messages.0.content.0.image_url.url"]);
    expect(body.error.message).toContain(refusal);
    expect(gateway.model.requests.length).toBe(before);
  });
});
