import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const item = (content: unknown, role = "user") => ({ input: [{ role, content }] });

describe.each([...testDialects()])("a request for a response on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { model } = gateway;
  afterAll(() => gateway.stop());
  const post = (body: object) => gateway.call("POST", "/v1/responses", { model: "goclaw:openai", ...body });

  test.each([
    [{ tools: [{ type: "web_search" }] }, "tools.0.type"],
    [{ tools: [{ type: "custom", name: "x" }] }, "tools.0.type"],
    [{ tools: [{ type: "mcp", server_label: "x", server_url: "https://x" }] }, "tools.0.type"],
    [{ prompt: { id: "pmpt_1" } }, "prompt"],
    [{ context_management: [{ type: "compaction" }] }, "context_management"],
    [{ top_logprobs: 3 }, "top_logprobs"],
    [{ include: ["message.output_text.logprobs"] }, "include.0"],
    [{ text: { verbosity: "low" } }, "text.verbosity"],
    [{ tool_choice: { type: "web_search_preview" } }, "tool_choice"],
    [item([{ type: "input_file", file_url: "https://example.com/x.pdf" }]), "input.0.content.0.file_url"],
    [item([{ type: "input_audio", input_audio: {} }]), "input.0.content.0.input_audio.data"],
    [item([{ type: "input_video", video_url: "https://example.com" }]), "input.0.content.0.type"],
    [item(Array.from({ length: 51 }, () => ({ type: "input_image", file_id: "x" }))), "input"],
    [{ input: [{ type: "web_search_call", id: "ws_1" }] }, "input.0.type"],
    [{ input: [{ type: "computer_call_output", call_id: "c", output: {} }] }, "input.0.type"],
    [{ input: [{ type: "function_call", call_id: "c" }] }, "input.0.name"],
    [{ include: ["message.input_image.image_url"] }, "include.0"],
    [item("hi", "tool"), "input.0"],
    [{ input: "" }, "input"],
    [{ input: [] }, "input"],
    [{ input: undefined }, "input"],
    [{ messages: [{ role: "user", content: "hi" }] }, "messages"],
    [{ input: [{ type: "function_call_output", call_id: "nobody", output: "x" }] }, "input"],
    [{ background: true, store: false }, "store"],
    [{ conversation: "a", previous_response_id: "resp_1" }, "previous_response_id"],
    [{ temperature: 3 }, "temperature"],
    [{ max_output_tokens: 0 }, "max_output_tokens"],
    [{ metadata: { big: "x".repeat(20_000) } }, "metadata"],
    [{ on_busy: "steer" }, "on_busy"],
  ])("with %j is refused, and %s is named", async (extra, param) => {
    const before = model.requests.length;
    const { status, body } = await post({ input: "hello", ...extra });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: "INVALID_REQUEST", type: "invalid_request_error" });
    expect(body.error.param).toBe(param);
    expect(model.requests.length).toBe(before);
  });

  test.each([
    [{ service_tier: "flex", prompt_cache_retention: "24h", stream_options: { include_obfuscation: false } }],
    [{ include: ["file_search_call.results", "web_search_call.action.sources"], truncation: "auto" }],
    [{ tools: null, tool_choice: null, text: null, reasoning: null, include: null, metadata: null, user: null }],
    [{ previous_response_id: "", conversation: null, instructions: null, background: null, store: null }],
    [{ prompt: null, context_management: null, top_logprobs: 0, text: { format: { type: "text" } }, zzz: 1 }],
    [{ input: [{ role: "user", content: [{ type: "text", text: "hello" }], zzz: 1 }] }],
    [{ input: [{ role: "developer", content: "hello" }] }],
    [{ input: undefined, messages: [{ role: "user", content: "hello" }], max_tokens: 9, temperature: 0 }],
  ])("with %j is answered", async (extra) => {
    const { status, body } = await post({ input: "hello", ...extra });
    expect([status, JSON.stringify(body.output)]).toEqual([200, expect.stringContaining("echo: hello")]);
  });

  test("has its error in the caller's language", async () => {
    const headers = { "Accept-Language": "vi" };
    const request = { model: "goclaw:openai", input: "x", conversation: "a", previous_response_id: "resp_1" };
    const { body } = await gateway.call("POST", "/v1/responses", request, { headers });
    expect(body.error.message).toBe("chỉ nêu phản hồi trước hoặc cuộc hội thoại");
  });

  test("names the agent by the model, the header or neither, and an unknown one is not found", async () => {
    expect((await post({ model: "agent:openai", input: "x" })).body.model).toBe("agent:openai");
    const byHeader = { headers: { "X-GoClaw-Agent-Id": "openai" } };
    expect((await gateway.call("POST", "/v1/responses", { model: "gpt-5", input: "x" }, byHeader)).body.model).toBe(
      "gpt-5",
    );
    expect((await post({ model: "goclaw:nobody", input: "x" })).status).toBe(404);
  });

  test("to a busy conversation waits for its turn, and never joins another response", async () => {
    const steering = await gateway.anAgent("openai", { other_config: { on_busy: "steer" } });
    const body = (input: string) => ({ model: `goclaw:${steering}`, input, conversation: "busy" });
    const call = model.manual();
    const first = post(body("one"));
    await call.arrived;
    const second = post(body("two"));
    await call.send("first");
    await call.finish();
    const [one, two] = (await Promise.all([first, second])).map((answer) => answer.body);
    expect([one.output[0].content[0].text, two.output[0].content[0].text]).toEqual(["first", "echo: two"]);
    expect(one.id).not.toBe(two.id);
  });

  test("in any language is answered and read back as it was", async () => {
    for (const text of ["Xin chào, bạn khoẻ không?", "你好，世界", "👩‍👩‍👧‍👦 olá", "\u0000 null"]) {
      const { body } = await post({ input: text });
      expect(body.output[0].content[0].text).toBe(`echo: ${text}`);
      const items = (await gateway.call("GET", `/v1/responses/${body.id}/input_items`)).body.data;
      expect(items[0].content[0].text).toBe(text);
    }
  });
});
