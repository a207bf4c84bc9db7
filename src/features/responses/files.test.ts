import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { readResponseStream, textOfEvents } from "#testing/streams/read-response-stream.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const WAV = btoa("RIFF\u0010\u0000\u0000\u0000WAVEfmt hello");
const PDF = btoa("%PDF-1.7 hello");

describe.each([...testDialects()])("files in responses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model, lastBody } = gateway;
  afterAll(gateway.stop);
  const upload = async (name: string, base64: string, options: CallOptions = {}) =>
    (await call("POST", "/v1/media/upload", aForm(name, new Uint8Array(Buffer.from(base64, "base64"))), options)).body;
  const ask = (part: object, options: CallOptions = {}) => {
    const content = [{ type: "input_text", text: "look" }, part];
    return call("POST", "/v1/responses", { model: "goclaw:openai", input: [{ role: "user", content }] }, options);
  };

  test("reach the model from the request itself and as uploads", async () => {
    const picture = await upload("ảnh.png", PNG);
    const paper = await upload("giấy.pdf", PDF);
    const parts: readonly [object, string][] = [
      [{ type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "low" }, PNG],
      [{ type: "input_image", image_url: picture.url }, PNG],
      [{ type: "input_image", file_id: picture.id, image_url: null }, PNG],
      [{ type: "input_file", file_data: `data:application/pdf;base64,${PDF}`, filename: "a.pdf" }, PDF],
      [{ type: "input_file", file_id: paper.id }, PDF],
      [{ type: "input_audio", input_audio: { data: WAV, format: "wav" } }, WAV],
    ];
    for (const [part, bytes] of parts) {
      expect((await ask(part)).status).toBe(200);
      expect(JSON.stringify(lastBody())).toContain(bytes);
    }
  });

  test.each([
    [{ type: "input_image", image_url: "http://127.0.0.1:1/x.png" }, "input.0.content.1.image_url"],
    [{ type: "input_image", image_url: `data:image/png;base64,${btoa("no image")}` }, "input.0.content.1.image_url"],
    [{ type: "input_image" }, "input.0.content.1.image_url"],
    [{ type: "input_file", filename: "a.pdf" }, "input.0.content.1.file_data"],
    [{ type: "input_file", file_id: "0193a5b0-7000-7000-8000-000000000009" }, "input.0.content.1.file_id"],
    [{ type: "input_file", file_data: btoa("%PDF-1.7") }, "input.0.content.1.file_data"],
    [{ type: "input_audio", input_audio: { data: "", format: "wav" } }, "input.0.content.1.input_audio.data"],
  ])("that no model takes are refused by name: %j", async (part, param) => {
    const before = model.requests.length;
    const { status, body } = await ask(part);
    expect([status, body.error.param]).toEqual([400, param]);
    expect(model.requests.length).toBe(before);
  });

  test("of another user are refused", async () => {
    const picture = await upload("a.png", PNG);
    await call("POST", "/v1/agents/openai/sharing", { user_id: "eve", role: "user" });
    const eve = { ...(await aKey(gateway, ["write"])), user: "eve" };
    expect((await ask({ type: "input_image", file_id: picture.id }, eve)).status).toBe(400);
  });

  test("that the agent links to are signed in every form, and followed from within a link", async () => {
    const { url } = await upload("a.png", PNG);
    const link = new URL(url, "http://gateway").pathname;
    const text = `See ![it](${link}), please.`;
    const isSigned = (said: string) => expect(said.replace(/\?ft=[^)]+/, "?ft")).toBe(`See ![it](${link}?ft), please.`);
    const body = { model: "goclaw:openai", input: "hello", background: true };
    const headers = { "X-GoClaw-Events": "openai" };
    model.script(() => ({ text: [...text] }));

    const whole = (await call("POST", "/v1/responses", { ...body, background: false }, { headers })).body;
    isSigned(whole.output[0].content[0].text);
    isSigned((await call("GET", `/v1/responses/${whole.id}`, undefined, { headers })).body.output[0].content[0].text);
    const streamed = await call("POST", "/v1/responses", { ...body, stream: true }, { headers });
    const events = await Array.fromAsync(readResponseStream(new Response(streamed.text)));
    isSigned(textOfEvents(events));

    const { id: response } = (events[0]?.response ?? {}) as { id?: string };
    for (const [index, { sequence_number }] of events.entries()) {
      const path = `/v1/responses/${response}?stream=true&starting_after=${sequence_number}`;
      const rest = await call("GET", path, undefined, { headers });
      const read = [
        ...events.slice(0, index + 1),
        ...(await Array.fromAsync(readResponseStream(new Response(rest.text)))),
      ];
      isSigned(textOfEvents(read));
    }
    const history = [{ role: "user", content: "hello" }, ...whole.output, { role: "user", content: "again" }];
    await call("POST", "/v1/responses", { ...body, input: history, background: false }, { headers });
    expect(JSON.stringify(lastBody())).not.toContain("?ft=");
  });
});
