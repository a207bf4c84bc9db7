import { expect, test } from "bun:test";
import { z } from "zod";
import { toErrorShape } from "#core/error-shape.ts";
import { invalidRequest } from "#core/invalid-request.ts";

const UserTurn = z.object({ role: z.literal("user"), content: z.union([z.string(), z.array(z.string())]) });
const Schema = z.strictObject({
  messages: z
    .array(z.discriminatedUnion("role", [UserTurn, z.object({ role: z.enum(["system", "tool", ""]) })]))
    .optional(),
});

test("long names of unknown fields are truncated", () => {
  const { error } = Schema.safeParse({ ["k".repeat(300_000)]: 1 });
  if (!error) throw new Error("the input was accepted");
  expect(JSON.stringify(toErrorShape(invalidRequest(error), "en", "r")).length).toBeLessThan(1_000);
});

test.each([
  [{ messages: [{ role: "boss" }] }, 'messages.0.role is invalid: must be one of user, system, tool, ""'],
  [{ messages: [{ role: "user", content: 5 }] }, "messages.0.content is invalid: expected string | array"],
  [{ messages: [{ role: "user" }] }, "messages.0.content is invalid: expected string | array"],
  [{ message: "hi" }, "message is invalid: is not known"],
])("%j is refused with the values that would be valid", (input, message) => {
  const { error } = Schema.safeParse(input);
  if (!error) throw new Error("the input was accepted");
  expect(toErrorShape(invalidRequest(error), "en", "r").message).toBe(message);
});
