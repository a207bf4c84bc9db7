import { afterAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createUsedBlobFinder } from "#app/find-used-blobs.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { aPhoto, aPicture } from "#testing/a-photo.ts";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { startMcpServer } from "#testing/mcp/start-mcp-server.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { testDialects } from "#testing/test-database.ts";

const SHOOT = { name: "mcp_camera__echo", arguments: {} };
const image = (data: string, mimeType = "image/png") => ({ type: "image", data, mimeType });
const blobOf = (base64: string) => createHash("sha256").update(Buffer.from(base64, "base64")).digest("hex");

describe.each([...testDialects()])("images in the results of tools on %s", async (dialect) => {
  /** What the camera answers next. */
  let shot: () => object | Promise<object> = () => ({ content: [] });
  const camera = startMcpServer({ call: () => shot() });
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS: "1" } });
  const { call, model } = gateway;
  afterAll(async () => {
    await gateway.stop();
    await camera.stop();
  });
  const server = { name: "camera", transport: "streamable-http", url: camera.url };
  const { id: serverId } = (await call("POST", "/v1/mcp/servers", server)).body;
  let models = 0;
  /** Creates an agent with a model of its own and the camera. */
  const anAgent = async (wire: Wire = "openai", name = `m${++models}`): Promise<string> => {
    const agent = await gateway.anAgent(wire, { model: name });
    await call("POST", `/v1/mcp/servers/${serverId}/grants/agent`, { agent_id: agent });
    return agent;
  };
  const wake = async (agent: string, input: object = {}) => {
    const answer = await call("POST", `/v1/agents/${agent}/wake`, { message: "go on", ...input });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  /** Lets an agent take one shot for each of these results, one after the other. Returns the requests to its model. */
  const shoot = async (agent: string, results: readonly object[], input: object = {}) => {
    const before = model.requests.length;
    const left = [...results];
    shot = () => left.shift() ?? { content: [] };
    model.enqueue(...results.map(() => ({ toolCalls: [SHOOT] })), { text: "done" });
    const answer = await wake(agent, input);
    expect(answer.content).toBe("done");
    return { session_key: String(answer.session_key), requests: model.requests.slice(before) };
  };
  const textOf = (request: RecordedRequest | undefined) => JSON.stringify(request?.body);
  const countImages = (request: RecordedRequest | undefined) =>
    [...textOf(request).matchAll(/"(?:image_url|base64|inlineData)":?/g)].length;

  test("stand in the result itself over the Anthropic format", async () => {
    const png = await aPicture();
    const { requests } = await shoot(await anAgent("anthropic"), [
      { content: [image(png), { type: "text", text: "hi" }] },
    ]);
    const result = requests[1]?.body.messages.at(-1).content[0];
    expect(result).toMatchObject({ type: "tool_result", content: [{ type: "text" }, { type: "image" }] });
    expect(result.content[0].text).toContain("hi");
    expect(result.content[1].source).toEqual({ type: "base64", media_type: "image/png", data: png });
  });

  test("stand in the result itself over Google's format, and beside it for models before Gemini 3", async () => {
    const png = await aPicture();
    const inline = { inlineData: { mimeType: "image/png", data: png } };
    const partsFor = async (name: string) => {
      const { requests } = await shoot(await anAgent("google", name), [{ content: [image(png)] }]);
      return requests[1]?.body.contents.at(-1).parts;
    };
    expect(await partsFor("gemini-3-pro")).toMatchObject([{ functionResponse: { parts: [inline] } }]);
    const [response, shown] = await partsFor("gemini-2.5-pro");
    expect(response.functionResponse.response.content).toContain("saved as mcp/camera/");
    expect(shown).toEqual(inline);
  });

  test("follow all results of their turn over the OpenAI format, each with its call", async () => {
    const pictures = await Promise.all([aPicture(1), aPicture(2)]);
    const left = [...pictures];
    shot = () => ({ content: [image(left.shift() ?? "")] });
    model.enqueue({ toolCalls: [SHOOT, SHOOT] }, { text: "done" });
    await wake(await anAgent());
    const { messages } = gateway.lastBody();
    expect(messages.map(({ role }: { role: string }) => role).slice(-4)).toEqual(["assistant", "tool", "tool", "user"]);
    const [first, second] = messages.slice(-3);
    expect([typeof first.content, typeof second.content]).toEqual(["string", "string"]);
    const { content } = messages.at(-1);
    expect(content.map(({ type }: { type: string }) => type)).toEqual(["text", "text", "image_url", "image_url"]);
    expect(content[0].text).toContain(`Image 1 belongs to the result of mcp_camera__echo (${first.tool_call_id})`);
    expect(content[1].text).toContain(`Image 2 belongs to the result of mcp_camera__echo (${second.tool_call_id})`);
    expect(content.slice(2).map(({ image_url }: { image_url: { url: string } }) => image_url.url)).toEqual(
      pictures.map((png) => `data:image/png;base64,${png}`),
    );
  });

  test.each([...WIRES])("reach the model from read_file over the $wire format", async ({ wire }) => {
    const agent = await anAgent(wire);
    const { id } = (await call("GET", `/v1/agents/${agent}`)).body;
    const path = join(gateway.home, "workspace", MASTER_TENANT_ID, id, ownWorkspace("ada"), "ảnh 🦊.png");
    mkdirSync(dirname(path), { recursive: true });
    const png = await aPicture();
    writeFileSync(path, Buffer.from(png, "base64"));
    model.enqueue({ toolCalls: [{ name: "read_file", arguments: { path: "ảnh 🦊.png" } }] }, { text: "done" });
    await wake(agent);
    expect(textOf(model.requests.at(-1))).toContain(png);
    expect(textOf(model.requests.at(-1))).toMatch(/\[image: \S+ảnh 🦊\.png\S+ image\/png/);
  });

  test.each([...WIRES])(
    "of a failed call are shown, and it stays a failure, over the $wire format",
    async ({ wire }) => {
      const png = await aPicture();
      const failed = { isError: true, content: [image(png), { type: "text", text: "the page broke" }] };
      const { requests } = await shoot(await anAgent(wire), [failed]);
      const body = textOf(requests[1]);
      expect([body.includes(png), body.includes("the page broke")]).toEqual([true, true]);
      if (wire === "anthropic") expect(requests[1]?.body.messages.at(-1).content[0].is_error).toBe(true);
    },
  );

  test("are scaled down and told by their bytes, whatever the tool calls them", async () => {
    const jpeg = Buffer.from(await aPhoto(3_000, 1_500).jpeg().bytes()).toString("base64");
    const { requests } = await shoot(await anAgent(), [{ content: [image(jpeg, "image/png")] }]);
    const [, type, data = ""] = /data:(image\/\w+);base64,([A-Za-z0-9+/=]+)/.exec(textOf(requests[1])) ?? [];
    const { width, height } = await new Bun.Image(Buffer.from(data, "base64")).metadata();
    expect([type, width, height]).toEqual(["image/jpeg", 1_875, 938]);
  });

  test("that no model could take are said in words", async () => {
    const torn = Buffer.from(await aPhoto(300, 200).png().bytes())
      .subarray(0, 80)
      .toString("base64");
    const svg = Buffer.from("<svg/>").toString("base64");
    const content = [image(torn), image(svg, "image/svg+xml"), image("not base64!"), image(await aPicture())];
    const { requests } = await shoot(await anAgent(), [{ content }]);
    expect(countImages(requests[1])).toBe(2);
    expect(requests[1]?.body.messages.at(-2).content).toContain("3 of the images cannot be shown");
  });

  test("are limited for each result", async () => {
    const content = await Promise.all(
      Array.from({ length: LIMITS.toolResultImages + 3 }, async (_, n) => image(await aPicture(n))),
    );
    const { requests } = await shoot(await anAgent(), [{ content }]);
    expect(
      requests[1]?.body.messages.at(-1).content.filter(({ type }: { type: string }) => type === "image_url"),
    ).toHaveLength(LIMITS.toolResultImages);
  });

  test("leave the request several at once, oldest first, and can still be looked at", async () => {
    const pictures = await Promise.all(Array.from({ length: 20 }, (_, n) => aPicture(100 + n)));
    const { requests } = await shoot(
      await anAgent(),
      pictures.map((png) => ({ content: [image(png)] })),
    );
    const shown = requests.map((request) => pictures.flatMap((png, n) => (textOf(request).includes(png) ? [n] : [])));
    expect(shown[16]).toEqual(Array.from({ length: 16 }, (_, n) => n));
    expect(shown[17]).toEqual(Array.from({ length: 13 }, (_, n) => n + 4));
    expect(shown[20]).toEqual(Array.from({ length: 16 }, (_, n) => n + 4));
    expect(textOf(requests[17])).toContain(blobOf(pictures[3] ?? ""));
    model.enqueue(
      { toolCalls: [{ name: "read_image", arguments: { prompt: "what?", media_id: blobOf(pictures[3] ?? "") } }] },
      { text: "a photo" },
      { text: "done" },
    );
    await wake(await anAgent());
    expect(textOf(model.requests.at(-2))).toContain(pictures[3] ?? "?");
  });

  const REFUSALS: readonly (readonly [string, ModelReply])[] = [
    ["a model that cannot see", { status: 400, text: "this model does not support image input" }],
    ["a server that takes no user message there", { status: 400, text: "Unexpected role 'user' after role 'tool'" }],
    ["a server that says nothing of it", { status: 400, text: "Invalid input" }],
  ];
  test.each([...REFUSALS])("become text for %s, which is remembered", async (_, refusal) => {
    const agent = await anAgent();
    const png = await aPicture();
    const session = async () => {
      const before = model.requests.length;
      shot = () => ({ content: [image(png)] });
      model.script((request) => {
        if (countImages(request) > 0) return refusal;
        return request.toolResults.length > 0 ? { text: "done" } : { toolCalls: [SHOOT] };
      });
      expect((await wake(agent)).content).toBe("done");
      return model.requests.slice(before).map(countImages);
    };
    expect(await session()).toEqual([0, 2, 0]);
    expect(textOf(model.requests.at(-1))).toContain(blobOf(png));
    expect(await session()).toEqual([0, 0]);
  });

  test("are not blamed for a refusal that comes without them too", async () => {
    const agent = await anAgent();
    const png = await aPicture();
    shot = () => ({ content: [image(png)] });
    const refusal = { status: 400, text: "Invalid input" };
    model.enqueue({ toolCalls: [SHOOT] }, refusal, refusal);
    expect((await call("POST", `/v1/agents/${agent}/wake`, { message: "go on" })).status).not.toBe(200);
    expect(countImages((await shoot(agent, [{ content: [image(png)] }])).requests[1])).toBe(2);
  });

  test("are stored once, as a file, and are in no row and no trace", async () => {
    const agent = await anAgent();
    const png = await aPicture(77);
    const shots = [{ content: [image(png)] }, { content: [image(png)] }];
    const { session_key } = await shoot(agent, shots);
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    const rows = await Promise.all([
      read.selectFrom("messages").selectAll().execute(),
      read.selectFrom("tool_calls").selectAll().execute(),
      read.selectFrom("run_events").selectAll().execute(),
      read.selectFrom("spans").selectAll().execute(),
    ]);
    expect(JSON.stringify(rows)).not.toContain(png);
    expect(JSON.stringify(rows)).toContain(blobOf(png));
    const folder = join(gateway.home, "media", MASTER_TENANT_ID, blobOf(png).slice(0, 2));
    expect(readdirSync(folder).filter((name) => name === blobOf(png))).toHaveLength(1);
    const { messages } = (await call("GET", `/v1/sessions/${session_key}/messages`)).body;
    const [part] = messages.find(({ role }: { role: string }) => role === "tool").parts;
    expect(part.images).toEqual([
      { type: "image", media_type: "image/png", blob: blobOf(png), bytes: expect.any(Number) },
    ]);
  });

  test("that are gone from the disk end no run", async () => {
    const agent = await anAgent();
    const png = await aPicture(79);
    const { session_key, requests } = await shoot(agent, [{ content: [image(png)] }]);
    expect(textOf(requests[1])).toContain(png);
    rmSync(join(gateway.home, "media", MASTER_TENANT_ID, blobOf(png).slice(0, 2), blobOf(png)));
    model.enqueue({ text: "still here" });
    expect((await wake(agent, { session_key })).content).toBe("still here");
    expect(textOf(model.requests.at(-1))).not.toContain(png);
    expect(textOf(model.requests.at(-1))).toContain("saved as mcp/camera/");
  });

  test("stay while the other calls of their turn still run", async () => {
    const png = await aPicture(78);
    let used: ReadonlySet<string> = new Set();
    const results = [
      () => ({ content: [image(png), image(png)] }),
      async () => {
        used = await createUsedBlobFinder(gateway.gateway.database)(MASTER_TENANT_ID, [blobOf(png)]);
        return { content: [image(png)] };
      },
    ];
    shot = () => results.shift()?.() ?? {};
    model.enqueue({ toolCalls: [SHOOT, SHOOT] }, { text: "done" });
    await wake(await anAgent());
    expect([...used]).toEqual([blobOf(png)]);
  });

  test("of a client's call are not its answer, which names the file", async () => {
    const agent = await anAgent();
    const png = await aPicture();
    shot = () => ({ content: [image(png)] });
    const { status, text } = await call("POST", "/v1/tools/invoke", { tool: SHOOT.name, args: {}, agent_id: agent });
    expect([status, text.includes("saved as mcp/camera/"), text.includes(png)]).toEqual([200, true, false]);
  });
});
