import { expect, test } from "bun:test";
import type { ModelMessage } from "#models/language-model.ts";
import { moveResultFiles, withoutResultFiles } from "#models/messages/result-files.ts";
import { aRequest, collect, useModelServer } from "#testing/model-fixture.ts";

const models = useModelServer();
const picture = (value: number) => ({
  type: "file" as const,
  mediaType: "image/png",
  bytes: new Uint8Array([value]),
  standIn: `[picture ${value}]`,
});
const result = (callId: string, ...values: readonly number[]) => ({
  callId,
  name: "shoot",
  text: `text of ${callId}`,
  isError: false,
  files: values.map(picture),
});
const call = (id: string) => ({ type: "tool_call" as const, id, name: "shoot", arguments: "{}" });
const CONVERSATION: readonly ModelMessage[] = [
  { role: "user", parts: [{ type: "text", text: "go" }] },
  { role: "assistant", parts: [call("a"), call("b")] },
  { role: "tool", results: [result("a", 1)] },
  { role: "tool", results: [result("b", 2, 3)] },
];
const send = async (providerType: Parameters<typeof models.aModel>[0]) => {
  await collect(models.aModel(providerType), aRequest({ messages: CONVERSATION }));
  return models.lastBody().messages as readonly { readonly role: string; readonly content: unknown }[];
};

test("the images of a turn follow its last result, in the order of the results", () => {
  const moved = moveResultFiles([...CONVERSATION, { role: "user", parts: [{ type: "text", text: "next" }] }]);
  expect(moved.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool", "user", "user"]);
  const images = moved[4];
  const files = images?.role === "user" ? images.parts.filter(({ type }) => type === "file") : [];
  expect(files).toEqual([1, 2, 3].map(picture));
});

test("a conversation without images stays the same value", () => {
  const plain: readonly ModelMessage[] = [{ role: "tool", results: [{ ...result("a"), files: undefined }] }];
  expect([moveResultFiles(plain) === plain, withoutResultFiles(plain) === plain]).toEqual([true, true]);
});

test("Mistral, which takes no user message after results, gets words in place of the images", async () => {
  const messages = await send("mistral");
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "tool"]);
  expect(messages.at(-1)?.content).toBe("text of b\n[picture 2]\n[picture 3]");
});

test("a provider that cannot call tools gets the images with the results as text", async () => {
  const messages = await send("perplexity");
  const last = messages.at(-1);
  expect(last?.role).toBe("user");
  expect(JSON.stringify(last?.content)).toContain("[Result of shoot]\\ntext of b");
  expect(JSON.stringify(last?.content).match(/image_url":\{/g)).toHaveLength(3);
});
