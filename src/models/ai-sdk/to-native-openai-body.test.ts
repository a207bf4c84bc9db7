import { expect, test } from "bun:test";
import { toNativeOpenAiBody } from "#models/ai-sdk/to-native-openai-body.ts";

const aBody = (model: string) => ({ model, max_tokens: 10, temperature: 1, top_p: 1, messages: [] });

test.each(["gpt-5", "gpt-5-mini", "o1", "o3-mini", "o4-mini"])("%p takes max_completion_tokens", (model) => {
  const body = toNativeOpenAiBody(aBody(model));
  expect(body.max_completion_tokens).toBe(10);
  expect(body).not.toHaveProperty("max_tokens");
});

test("other models take max_tokens", () => {
  expect(toNativeOpenAiBody(aBody("gpt-4o"))).toMatchObject({ max_tokens: 10, temperature: 1, top_p: 1 });
});

test("models without sampling get no sampling settings", () => {
  for (const model of ["o3", "gpt-5-nano"]) expect(toNativeOpenAiBody(aBody(model))).not.toHaveProperty("temperature");
});

test("reasoning is not sent back", () => {
  const messages = [{ role: "assistant", content: "so", reasoning_content: "hm" }];
  const body = toNativeOpenAiBody({ ...aBody("gpt-5"), messages });
  expect(body.messages).toEqual([{ role: "assistant", content: "so" }]);
});
