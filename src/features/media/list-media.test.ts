import { afterAll, describe, expect, test } from "bun:test";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

const FILES = {
  "Hóa đơn tháng 9.pdf": "%PDF-1.7",
  "boots.png": "\x89PNG\r\n\x1a\n",
  "voice.mp3": "ID3",
  "clip.webm": "\x1a\x45\xdf\xa3",
  "100 %.csv": "day,visits",
  "ghi chú.txt": "xin chào",
  "archive.zip": "PK",
};

describe.each([...testDialects()])("a list of media on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call, model } = gateway;
  afterAll(() => gateway.stop());
  const upload = async (name: string, content: string, options: CallOptions = {}) =>
    (await call("POST", "/v1/media/upload", aForm(name, new Uint8Array(Buffer.from(content, "latin1"))), options)).body;
  const list = async (query = "", options: CallOptions = {}) =>
    (await call("GET", `/v1/media?${query}`, undefined, options)).body;
  const namesOf = async (query = "", options: CallOptions = {}) =>
    (await list(query, options)).media.map(({ filename }: { filename: string }) => filename);
  const bob = { ...(await aKey(gateway, ["write"])), user: "bob" };

  for (const [name, content] of Object.entries(FILES)) await upload(name, content);
  const bobs = await upload("bob's boots.txt", "brown", bob);

  test("shows own ones newest first, and administrators those of everybody", async () => {
    const own = Object.keys(FILES).toReversed();
    expect(await namesOf("", bob)).toEqual(["bob's boots.txt"]);
    expect(await namesOf("user_id=ada", bob)).toEqual(["bob's boots.txt"]);
    expect(await namesOf()).toEqual(["bob's boots.txt", ...own]);
    expect(await namesOf("user_id=ada")).toEqual(own);
    expect(await list("limit=2&offset=3")).toMatchObject({ total: own.length + 1, limit: 2, offset: 3 });
    expect(await namesOf("limit=2&offset=3")).toEqual(own.slice(2, 4));
    const { path: _, ...facts } = bobs;
    expect((await list("", bob)).media).toEqual([{ ...facts, user_id: "bob", created_at: expect.any(String) }]);
    await aTenant(gateway, "elsewhere");
    expect(await list("", await aKey(gateway, ["admin"], { tenant: "elsewhere" }))).toMatchObject({
      media: [],
      total: 0,
    });
  });

  test("is narrowed to a kind of file", async () => {
    expect(await namesOf("kind=image")).toEqual(["boots.png"]);
    expect(await namesOf("kind=audio")).toEqual(["voice.mp3"]);
    expect(await namesOf("kind=video")).toEqual(["clip.webm"]);
    expect(await namesOf("kind=document&user_id=ada")).toEqual(["ghi chú.txt", "100 %.csv", "Hóa đơn tháng 9.pdf"]);
    expect(await namesOf("kind=other")).toEqual(["archive.zip"]);
    expect((await call("GET", "/v1/media?kind=song")).status).toBe(400);
  });

  test("is searched by name, id and user, whatever the case and the accents", async () => {
    const search = (q: string, options: CallOptions = {}) => namesOf(`q=${encodeURIComponent(q)}`, options);
    expect(await search("HOA DON")).toEqual(["Hóa đơn tháng 9.pdf"]);
    expect(await search("100 %")).toEqual(["100 %.csv"]);
    expect(await search("BOOTS")).toEqual(["bob's boots.txt", "boots.png"]);
    expect(await search("boots", bob)).toEqual(["bob's boots.txt"]);
    expect(await search(bobs.id)).toEqual(["bob's boots.txt"]);
    expect(await list("q=boots&kind=image&limit=1")).toMatchObject({ total: 1, limit: 1 });
    expect(await search("no such file")).toEqual([]);
    expect((await call("GET", `/v1/media?q=${"x".repeat(201)}`)).status).toBe(400);
  });

  test("loses what its user or an administrator deletes, while messages keep what they were sent with", async () => {
    const remove = (id: string, options: CallOptions = {}) => call("DELETE", `/v1/media/${id}`, undefined, options);
    const sent = await upload("sent.pdf", "%PDF-1.7 sent", bob);
    await call("POST", "/v1/agents/openai/shares", { user_id: "bob" });
    model.enqueue({ text: "I read it." });
    const wake = { message: "Read it", attachments: [sent.id], session_key: "agent:openai:reading" };
    expect((await call("POST", "/v1/agents/openai/wake", wake, bob)).status).toBe(200);
    expect((await remove(sent.id, { ...bob, user: "eve" })).status).toBe(404);
    expect((await remove(sent.id, { ...(await aKey(gateway, ["read"])), user: "bob" })).status).toBe(403);
    const answer = await remove(sent.id, bob);
    expect([answer.status, answer.body]).toEqual([200, { status: "deleted" }]);
    expect((await remove(sent.id, bob)).status).toBe(404);
    expect((await call("GET", sent.url, undefined, bob)).status).toBe(404);
    expect(await namesOf("", bob)).toEqual(["bob's boots.txt"]);

    const session = `/v1/sessions/${encodeURIComponent(wake.session_key)}`;
    const { messages } = (await call("GET", `${session}/messages`, undefined, bob)).body;
    const file = messages[0].parts.find(({ type }: { type: string }) => type === "file");
    expect((await call("GET", `${session}/media/${file.blob}`, undefined, bob)).text).toBe("%PDF-1.7 sent");
    const again = await call("POST", "/v1/agents/openai/wake", wake, bob);
    expect([again.status, again.body.error.code]).toEqual([400, "INVALID_REQUEST"]);

    expect((await remove(bobs.id)).status).toBe(200);
    const { logs } = (await call("GET", `/v1/activity?entity_id=${bobs.id}`)).body;
    expect(logs[0]).toMatchObject({
      action: "media.deleted",
      actor_id: "ada",
      details: { filename: "bob's boots.txt" },
    });
  });
});
