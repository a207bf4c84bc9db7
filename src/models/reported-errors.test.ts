import { describe, expect, test } from "bun:test";
import { collect, useModelServer } from "#testing/model-fixture.ts";

const models = useModelServer();
const TOO_LONG = "Range of input length should be [1, 30720]";

/** Errors inside answers with status 200, in the forms of several servers. */
const REPORTED: readonly (readonly [string, object, string])[] = [
  ["OpenAI", { error: { message: TOO_LONG, code: 400 } }, "context_overflow"],
  ["LM Studio", { error: TOO_LONG }, "context_overflow"],
  ["LM Studio without its path", { error: "Unexpected endpoint or method. (POST /chat/completions)" }, "wrong_path"],
  ["MiniMax", { base_resp: { status_code: 2013, status_msg: "context window exceeds limit" } }, "context_overflow"],
  ["vLLM", { object: "error", message: "slow down", code: 429 }, "rate_limit"],
  ["DashScope", { code: "InvalidParameter", message: TOO_LONG, request_id: "r" }, "context_overflow"],
  ["Z.ai", { code: 500, msg: "404 NOT_FOUND", success: false }, "wrong_path"],
  ["OpenRouter", { choices: [{ error: { code: 502, message: "upstream failed" } }] }, "server_error"],
];

describe.each(REPORTED)("an error that %s reports inside an answer", (_, error, kind) => {
  test("ends a stream with its kind", async () => {
    models.server.enqueue({ raw: [`data: ${JSON.stringify(error)}\n\n`] });
    expect(await collect(models.aModel("openai_compat"))).toMatchObject([{ type: "error", error: { kind } }]);
  });

  test("has the same kind in a document", async () => {
    models.server.enqueue({ body: error });
    expect(await collect(models.aModel("openai_compat"))).toMatchObject([{ type: "error", error: { kind } }]);
  });
});
