import { afterAll, describe, expect, test } from "bun:test";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { aPhoto } from "#testing/a-photo.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

describe.each([...testDialects()])("media of a transcript on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call } = gateway;
  afterAll(gateway.stop);
  const bob = await aKey(gateway, ["read"], { owner_id: "bob" });

  const aPicture = async (shade: number) => new Uint8Array(await aPhoto(40, 30, shade).png().bytes());

  async function aChatWith(name: string, content: Uint8Array<ArrayBuffer>) {
    const { id } = (await call("POST", "/v1/media/upload", aForm(name, content))).body;
    const run = (await call("POST", "/v1/agents/openai/runs", { input: "Look", attachments: [id] })).body;
    await gateway.waitForEnd(run.id);
    const path = `/v1/sessions/${encodeURIComponent(run.session_key)}`;
    const { messages } = (await call("GET", `${path}/messages`)).body;
    const part = messages[0].parts.find(({ type }: { type: string }) => type === "image" || type === "file");
    return { path, part };
  }

  test("are read by those who may read the transcript", async () => {
    const { path, part } = await aChatWith("ảnh.png", await aPicture(30));
    const url = `${path}/media/${part.blob}`;
    const answer = await call("GET", url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, part.media_type]);
    expect(answer.headers.get("content-security-policy")).toStartWith("sandbox");
    expect((await call("GET", url, undefined, { headers: { Range: "bytes=1-3" } })).text).toBe("PNG");
    expect((await call("GET", url, undefined, bob)).status).toBe(404);
  });

  test("are read only where a message of the transcript has them", async () => {
    const [one, other] = [await aChatWith("a.png", await aPicture(60)), await aChatWith("b.png", await aPicture(90))];
    expect((await call("GET", `${one.path}/media/${one.part.blob}`)).status).toBe(200);
    expect((await call("GET", `${other.path}/media/${one.part.blob}`)).status).toBe(404);
    expect((await call("GET", `${one.path}/media/${"0".repeat(64)}`)).status).toBe(404);
    expect((await call("GET", `${one.path}/media/..%2f..%2fsecret`)).status).toBe(404);
  });
});
