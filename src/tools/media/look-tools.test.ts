import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aForm } from "#testing/a-form.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const MP3 = Buffer.from("ID3\u0004\0\0\0\0\0\0").toString("base64");

describe.each([...testDialects()])("tools that ask a model about a file on %s", async (dialect) => {
  const pictures = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(Buffer.from(PNG, "base64")) });
  const gateway = await startToolGateway({ dialect, allowHosts: [`127.0.0.1:${pictures.port}`] });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await pictures.stop(true);
  });
  beforeAll(async () => {
    const workspace = gateway.workspaceOf(MASTER_TENANT_ID, await gateway.anAgent(AGENT));
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, "ảnh.png"), Buffer.from(PNG, "base64"));
    writeFileSync(join(workspace, "talk.mp3"), Buffer.from(MP3, "base64"));
    writeFileSync(join(workspace, "notes.txt"), "no picture");
  });
  /** Lets the agent call a tool whose own question gets this answer. Returns the result and the question. */
  const look = async (name: string, input: object, answer: object | null = { text: "A red dot." }) => {
    model.enqueue({ toolCalls: [{ name, arguments: input }] }, ...(answer ? [answer] : []), { text: "done" });
    const before = model.requests.length;
    expect((await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go on" })).status).toBe(200);
    const asked = model.requests.slice(before);
    return { result: asked.at(-1)?.toolResults[0] ?? "", question: asked[1]?.body, count: asked.length };
  };

  /** The model is asked nothing. */
  const lookAndFail = (input: object) => look("read_image", input, null);

  test("read_image shows the model a file, an upload or a picture of the web", async () => {
    const upload = (await call("POST", "/v1/media/upload", aForm("a.png", new Uint8Array(Buffer.from(PNG, "base64")))))
      .body;
    const url = `http://127.0.0.1:${pictures.port}/picture`;
    for (const reference of [{ path: "ảnh.png" }, { media_id: upload.id }, { url }]) {
      const { result, question } = await look("read_image", { prompt: "What colour?", ...reference });
      expect(result).toContain("A red dot.");
      expect(result).toContain("EXTERNAL_UNTRUSTED_CONTENT");
      expect(JSON.stringify(question)).toContain(PNG);
      expect(JSON.stringify(question.messages.at(-1))).toContain("What colour?");
    }
  });

  test("read_audio lets it hear a recording", async () => {
    const { result, question } = await look("read_audio", { prompt: "Who speaks?", path: "talk.mp3" });
    expect(result).toContain("A red dot.");
    expect(JSON.stringify(question)).toContain(MP3);
  });

  test("the tenant's setting chooses the model, and the usage is counted", async () => {
    const settings = { provider: AGENT, model: "sharp-eyes" };
    expect((await call("PUT", "/v1/tools/builtin/read_image", { settings })).status).toBe(200);
    const { question } = await look("read_image", { prompt: "What?", path: "ảnh.png" });
    expect(question.model).toBe("sharp-eyes");
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const records = await read.selectFrom("usage_records").selectAll().where("model", "=", "sharp-eyes").execute();
    expect(records).toMatchObject([{ agent_id: expect.any(String), provider: AGENT, user_id: expect.any(String) }]);
    await call("PUT", "/v1/tools/builtin/read_image", { settings: { provider: null, model: null } });
  });

  test("a run that tries a draft of its agent asks the drafted model", async () => {
    const calls = [{ name: "read_image", arguments: { prompt: "What?", path: "ảnh.png" } }];
    model.enqueue({ toolCalls: calls }, { text: "A red dot." }, { text: "done" });
    const before = model.requests.length;
    const { body } = await call("POST", `/v1/agents/${AGENT}/runs`, {
      input: "go on",
      draft: { model: "drafted-eyes" },
    });
    await call("GET", `/v1/runs/${body.id}/events`);
    const asked = model.requests.slice(before).map(({ body: { model: name } }) => name);
    expect(asked).toEqual(["drafted-eyes", "drafted-eyes", "drafted-eyes"]);
  });

  test("what is no image, and a model that cannot see, are said in words", async () => {
    const refusal = async (input: object) => (await lookAndFail(input)).result;
    expect(await refusal({ prompt: "What?", path: "notes.txt" })).toContain("is no image");
    expect(await refusal({ prompt: "What?" })).toContain("give path or media_id");
    const blind = {
      status: 400,
      body: { error: { message: "This model does not support image input", type: "invalid_request_error" } },
    };
    const { result } = await look("read_image", { prompt: "What?", path: "ảnh.png" }, blind);
    expect(result).toContain("cannot take this image");
    expect(result).toContain("settings of read_image");
  });
});
