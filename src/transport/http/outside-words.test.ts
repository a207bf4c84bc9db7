import { afterAll, describe, expect, test } from "bun:test";
import { startTestGateway } from "#testing/test-gateway.ts";

/** Words that every object of JavaScript inherits a property for. */
const INHERITED = ["constructor", "toString", "hasOwnProperty", "__proto__", "valueOf"];

describe.each(INHERITED)("the word %s", async (word) => {
  const { call, stop } = await startTestGateway();
  afterAll(stop);

  test("is no language", async () => {
    const read = (language: string) =>
      call("GET", "/v1/agents/nobody", undefined, { headers: { "Accept-Language": language } });
    const answer = await read(`${word}, vi`);
    expect([answer.status, answer.body.error.code]).toEqual([404, "NOT_FOUND"]);
    expect(answer.body.error.message).toBe((await read("vi")).body.error.message);
  });

  test("is no type of a provider and no tool", async () => {
    const provider = { name: "p", provider_type: word };
    expect((await call("POST", "/v1/providers", provider)).status).toBe(400);
    expect((await call("PUT", `/v1/tools/builtin/${word}`, { enabled: false })).status).toBe(404);
    await call("PUT", "/v1/tools/builtin/web_fetch", { settings: { [word]: 1 } });
    expect((await call("GET", "/v1/tools/builtin/web_fetch")).body.settings).toEqual({});
  });

  test("names a provider, an agent and properties like any other word", async () => {
    const name = word.toLowerCase().replaceAll("_", "");
    await call("POST", "/v1/providers", { name, provider_type: "demo" });
    const tools_config = { byProvider: { other: { deny: ["datetime"] } } };
    const agent = { agent_key: name, provider: name, model: "demo", tools_config };
    expect((await call("POST", "/v1/agents", agent)).status).toBe(201);
    const schema = {
      type: "object",
      required: [word],
      properties: { [word]: { type: "string", format: word }, $defs: { $ref: `#/${word}` } },
    };
    const answer = await call("POST", "/v1/chat/completions", {
      model: `goclaw:${name}`,
      messages: [{ role: "user", content: "call datetime" }],
      response_format: { type: "json_schema", json_schema: { name: "s", schema } },
    });
    expect([answer.status, answer.body.object]).toEqual([200, "chat.completion"]);
  });
});
