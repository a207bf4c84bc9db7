import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

describe.each([...testDialects()])("uploads in a conversation on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect });
  const { call, model } = gateway;
  afterAll(gateway.stop);
  const upload = async (name: string, base64: string, options: CallOptions = {}) =>
    (await call("POST", "/v1/media/upload", aForm(name, new Uint8Array(Buffer.from(base64, "base64"))), options)).body;
  const ask = (part: object, options: CallOptions = {}) => {
    const content = [{ type: "text", text: "look" }, part];
    const body = { model: "goclaw:openai", messages: [{ role: "user", content }] };
    return call("POST", "/v1/chat/completions", body, options);
  };
  const file = (file_id: string) => ({ type: "file", file: { file_id } });
  const image = (url: string) => ({ type: "image_url", image_url: { url } });

  test("a picture and a document reach the model by the ids and addresses of their uploads", async () => {
    const picture = await upload("ảnh.png", PNG);
    for (const part of [file(picture.id), file(picture.path), file(picture.url), image(picture.url)]) {
      expect((await ask(part)).status).toBe(200);
      expect(JSON.stringify(gateway.lastBody())).toContain(PNG);
    }
    const paper = await upload("paper.pdf", btoa("%PDF-1.7 hello"));
    expect((await ask(file(paper.id))).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).toContain(btoa("%PDF-1.7 hello"));
  });

  test("a file that no model takes is named to it, with the tool that reads it", async () => {
    const page = await upload("Trang 🦊.html", btoa("<h1>Tea</h1>"));
    gateway.model.enqueue(({ body }) => {
      const [, id = ""] = /read_document and media_id \\"([0-9a-f]{64})/.exec(JSON.stringify(body)) ?? [];
      return { toolCalls: [{ name: "read_document", arguments: { media_id: id } }] };
    });
    expect((await ask(file(page.id))).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).toContain('file \\"Trang 🦊.html\\"');
    expect(model.requests.at(-1)?.toolResults[0]).toContain("Tea");
  });

  test.each(["openai", "anthropic"])("a photo in a format that %s does not take is named to it", async (wire) => {
    const photo = await upload(
      "Ảnh.HEIC",
      Buffer.from("\0\0\0\x24ftypheic\0\0\0\0mif1heic", "latin1").toString("base64"),
    );
    const content = [{ type: "text", text: "look" }, file(photo.id)];
    const body = { model: `goclaw:${wire}`, messages: [{ role: "user", content }] };
    expect((await call("POST", "/v1/chat/completions", body)).status).toBe(200);
    expect(JSON.stringify(gateway.lastBody())).toMatch(/file \\"Ảnh.HEIC\\" of type image\/heic.*read_image/);
  });

  test("wake and runs take uploads as attachments", async () => {
    const picture = await upload("a.png", PNG);
    const paper = await upload("paper.pdf", btoa("%PDF-1.7 hello"));
    const attachments = [picture.id, paper.url];
    expect((await call("POST", "/v1/agents/openai/wake", { message: "look", attachments })).status).toBe(200);
    for (const content of [PNG, btoa("%PDF-1.7 hello")]) expect(JSON.stringify(gateway.lastBody())).toContain(content);
    const run = await call("POST", "/v1/agents/openai/runs", { input: "look", attachments: ["nothing"] });
    expect([run.status, run.body.error.details.field]).toEqual([400, "attachments[0]"]);
    const begun = await call("POST", "/v1/agents/openai/runs", { input: "look", attachments: [picture.id] });
    expect(begun.status).toBe(202);
  });

  test("what the caller may not read is refused before a run", async () => {
    const picture = await upload("a.png", PNG);
    const paper = await upload("paper.pdf", btoa("%PDF-1.7"));
    const before = model.requests.length;
    const statusOf = async (part: object, options: CallOptions = {}) => (await ask(part, options)).status;
    const eve = { ...(await aKey(gateway, ["write"])), user: "eve" };
    await call("POST", "/v1/agents/openai/sharing", { user_id: "eve", role: "user" });
    expect(await statusOf(image(paper.url))).toBe(400);
    for (const reference of ["/etc/passwd", "../../x", "0193a5b0-7000-7000-8000-000000000009"]) {
      expect(await statusOf(file(reference))).toBe(400);
    }
    expect(await statusOf(file(picture.id), eve)).toBe(400);
    expect(await statusOf(image(picture.url), eve)).toBe(400);
    expect(model.requests.length).toBe(before);
    const own = await upload("own.png", PNG, eve);
    expect(await statusOf(file(own.id), eve)).toBe(200);
  });
});
