import { expect, test } from "bun:test";
import { describeAliases } from "#contract/describe-aliases.ts";

test("a field with another name says so, and the others stay as they are", () => {
  const input = {
    type: "object",
    properties: {
      user_id: { type: "string", description: "Whose it is" },
      agent_id: { type: "string" },
      session_key: true,
      size: { type: "integer", description: "In bytes" },
      anything: {},
    },
  };
  expect(describeAliases(input).properties).toEqual({
    user_id: { type: "string", description: "Whose it is; also taken as `userId`" },
    agent_id: { type: "string", description: "Also taken as `agentId`" },
    session_key: true,
    size: { type: "integer", description: "In bytes" },
    anything: {},
  });
  expect(describeAliases({ type: "object" })).toEqual({ type: "object" });
});
