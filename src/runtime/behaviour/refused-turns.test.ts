import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway, type Wire } from "#testing/chat-fixture.ts";
import { WIRES } from "#testing/model-fixture.ts";
import type { ModelReply, RecordedRequest } from "#testing/model-server.ts";
import { testDialects } from "#testing/test-database.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const PDF = Buffer.from("%PDF-1.4").toString("base64");
const LOOK = { type: "text", text: "look" };
const IMAGE = [LOOK, { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }];
const FILE = [LOOK, { type: "file", file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` } }];
const LONG = `gia ${"phả ".repeat(5_000)}`;

const refusal = (status: number, message: string): ModelReply => ({ status, body: { error: { message } } });

/** What a provider refuses: the message, how the provider sees it, its words, and the mark on the stored message. */
const REFUSED: readonly (readonly [string, string | object[], RegExp, ModelReply, string])[] = [
  ["an image", IMAGE, /iVBOR/, refusal(400, "this model does not support image input"), "media"],
  ["an image by 404", IMAGE, /iVBOR/, refusal(404, "No endpoints found that support image input"), "media"],
  ["an image that it cannot read", IMAGE, /iVBOR/, refusal(400, "Could not process image"), "media"],
  ["a file", FILE, /JVBERi/, refusal(400, "invalid file"), "media"],
  ["words against its policy", "something bad", /something bad/, refusal(400, "rejected by content_filter"), "policy"],
  ["a text that is too long", LONG, /(?:phả ){2000}/, refusal(400, "prompt is too long: 9 tokens"), "length"],
];

describe.each([...testDialects()])("a turn that the provider refuses on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, env: { GOCLAW_MODELS_MAX_ATTEMPTS: "1" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  let sessions = 0;

  const bodyOf = ({ body }: RecordedRequest) => JSON.stringify(body);
  async function say(wire: Wire, key: string, content: string | object[]) {
    const headers = { "X-GoClaw-Session-Key": key };
    const body = { model: `goclaw:${wire}`, messages: [{ role: "user", content }] };
    return call("POST", "/v1/chat/completions", body, { headers });
  }
  const storedIn = async (key: string) =>
    (await call("GET", `/v1/sessions/${encodeURIComponent(key)}/messages`)).body.messages;

  describe.each([...WIRES])("in the $wire format", ({ wire }) => {
    test.each([...REFUSED])("with %s does not poison its session", async (_, content, sight, reply, refused) => {
      const key = `agent:${wire}:refused-${++sessions}`;
      model.script((request) => (sight.test(bodyOf(request)) ? reply : { text: "fine" }));
      expect((await say(wire, key, "hello")).status).toBe(200);
      const answer = await say(wire, key, content);
      expect(answer.status).toBe(400);

      for (const text of ["never mind", "go on"]) {
        expect((await say(wire, key, text)).body.choices[0].message.content).toBe("fine");
        expect(model.requests.at(-1)?.lastUserText).toEndWith(text);
      }
      const [, , stored, next] = await storedIn(key);
      expect([stored.role, stored.refused, next.refused]).toEqual(["user", refused, undefined]);
      expect(stored.parts).toHaveLength(typeof content === "string" ? 1 : content.length);
      if (refused === "media")
        expect(bodyOf(model.requests.at(-1) as RecordedRequest)).toContain("left out: a provider");
    });

    test("never comes from a blank text, whoever wrote it", async () => {
      const key = `agent:${wire}:blank-${++sessions}`;
      const isBlank = (value: unknown): boolean =>
        Array.isArray(value)
          ? value.some(isBlank)
          : value !== null && typeof value === "object"
            ? Object.entries(value).some(([name, inner]) =>
                (name === "text" || name === "content") && typeof inner === "string"
                  ? inner.trim() === ""
                  : isBlank(inner),
              )
            : false;
      const replies: ModelReply[] = [{ toolCalls: [{ name: "list_files", arguments: {} }] }];
      model.script(({ body }) =>
        isBlank(body) ? refusal(400, "text must not be empty") : (replies.shift() ?? { text: "fine" }),
      );
      for (const content of [" ", "\n\t", [{ type: "text", text: "" }], "go on"]) {
        expect((await say(wire, key, content as string)).status).toBe(200);
      }
      const messages = [
        { role: "system", content: "  " },
        { role: "user", content: "hi" },
        { role: "assistant", content: " " },
        { role: "user", content: "again" },
      ];
      expect((await call("POST", "/v1/chat/completions", { model: `goclaw:${wire}`, messages })).status).toBe(200);
    });
  });

  test("by its policy hides the results of its tools too", async () => {
    const key = "agent:openai:results";
    let isRefusing = true;
    model.script((request) => {
      const { toolResults, body } = request;
      if (isRefusing && toolResults.length === 0) return { toolCalls: [{ name: "datetime", arguments: {} }] };
      return JSON.stringify(body.messages).includes("timezone")
        ? refusal(400, "data_inspection_failed")
        : { text: "fine" };
    });
    expect((await say("openai", key, "what time is it?")).status).toBe(400);
    isRefusing = false;
    expect((await say("openai", key, "go on")).body.choices[0].message.content).toBe("fine");
  });
});
