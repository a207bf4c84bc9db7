import { afterAll, describe, expect, test } from "bun:test";
import { aPhoto } from "#testing/a-photo.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

/** The picture lies on its side, and says where it was taken (CIPA DC-008). */
const withExif = (jpeg: Uint8Array): Buffer => Buffer.concat([jpeg.subarray(0, 2), exifSegment(), jpeg.subarray(2)]);

function exifSegment(): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write("II*\0", "latin1");
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(1, 8);
  // Orientation, one SHORT: the top of the picture is its right side.
  tiff.writeUInt16LE(0x0112, 10);
  tiff.writeUInt16LE(3, 12);
  tiff.writeUInt32LE(1, 14);
  tiff.writeUInt16LE(6, 18);
  const content = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff, Buffer.from("taken in Hanoi", "latin1")]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

describe.each([...testDialects()])("images on their way to a model on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  afterAll(gateway.stop);
  /** Returns the image that the model gets. */
  const send = async (bytes: Uint8Array, type: string) => {
    const url = `data:${type};base64,${Buffer.from(bytes).toString("base64")}`;
    const content = [
      { type: "text", text: "look" },
      { type: "image_url", image_url: { url } },
    ];
    const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
    expect((await gateway.call("POST", "/v1/chat/completions", body)).status).toBe(200);
    const sent = /data:(image\/\w+);base64,([A-Za-z0-9+/=]+)/.exec(JSON.stringify(gateway.lastBody()));
    const received = Buffer.from(sent?.[2] ?? "", "base64");
    return { type: sent?.[1], bytes: received, ...(await new Bun.Image(received).metadata()) };
  };

  test("are turned upright, and lose where they were taken", async () => {
    const jpeg = withExif(await aPhoto(300, 200).jpeg().bytes());
    expect(jpeg.toString("latin1")).toContain("Hanoi");
    const received = await send(jpeg, "image/jpeg");
    expect([received.width, received.height]).toEqual([200, 300]);
    expect(received.bytes.toString("latin1")).not.toMatch(/Exif|Hanoi/);
  });

  test("are scaled down if they are large, in every format", async () => {
    const photo = aPhoto(3_000, 1_500);
    const sent = {
      "image/jpeg": await photo.jpeg().bytes(),
      "image/png": await photo.png().bytes(),
      "image/webp": await photo.webp().bytes(),
    };
    const received: unknown[] = [];
    for (const [name, bytes] of Object.entries(sent)) {
      const { type, width, height } = await send(bytes, name);
      received.push([type, width, height]);
    }
    expect(received).toEqual([
      ["image/jpeg", 1_875, 938],
      ["image/png", 1_920, 960],
      ["image/jpeg", 1_875, 938],
    ]);
  });

  test("stay as they are if nothing has to change, or if they cannot be decoded", async () => {
    const small = await aPhoto(300, 200).png().bytes();
    expect((await send(small, "image/png")).bytes).toEqual(Buffer.from(small));
    const broken = Buffer.concat([small.subarray(0, 60), Buffer.alloc(10)]);
    const body = {
      model: "goclaw:openai",
      messages: [
        {
          role: "user",
          content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${broken.toString("base64")}` } }],
        },
      ],
    };
    expect((await gateway.call("POST", "/v1/chat/completions", body)).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).toContain(broken.toString("base64"));
  });
});
