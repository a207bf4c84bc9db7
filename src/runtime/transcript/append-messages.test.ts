import { describe, expect, test } from "bun:test";
import { mergeToolMessages, requireWholeTurns } from "#runtime/transcript/append-messages.ts";
import type { NewMessage } from "#runtime/transcript/message-parts.ts";
import { mendTranscript, openCallsOf } from "#runtime/transcript/transcript.ts";

const user = (text: string): NewMessage => ({ role: "user", parts: [{ type: "text", text }] });
const calls = (...ids: string[]): NewMessage => ({
  role: "assistant",
  parts: ids.map((id) => ({ type: "tool_call", id, name: "look", arguments: "{}" })),
});
const results = (...ids: string[]): NewMessage => ({
  role: "tool",
  parts: ids.map((id) => ({ type: "tool_result", call_id: id, name: "look", text: "ok", is_error: false })),
});

describe("a transcript", () => {
  test("accepts whole turns", () => {
    expect(() =>
      requireWholeTurns([], [user("a"), calls("1", "2"), results("1"), results("2"), user("b")]),
    ).not.toThrow();
  });

  test.each([
    ["a result without a call", [user("a"), results("1")], "unknown_tool_call"],
    ["a second result", [calls("1"), results("1"), results("1")], "duplicate_tool_result"],
    ["a call without a result before the next turn", [calls("1"), user("b")], "missing_tool_result"],
    ["a call without a result at the end", [user("a"), calls("1")], "missing_tool_result"],
  ])("refuses %s", (_, messages, key) => {
    expect(() => requireWholeTurns([], messages)).toThrow(key);
  });
});

test("results that arrive one by one are stored as one message", () => {
  expect(mergeToolMessages([calls("1", "2"), results("1"), results("2")])).toHaveLength(2);
});

describe("mending a stored transcript", () => {
  test("gives a call without a result a stand-in", () => {
    const mended = mendTranscript([calls("1", "2"), results("2"), user("b")]);
    expect(openCallsOf(mended.slice(0, 3))).toEqual([]);
    expect(() => requireWholeTurns([], mended)).not.toThrow();
  });

  test("leaves out a result without a call", () => {
    expect(mendTranscript([user("a"), results("9"), user("b")])).toEqual([user("a"), user("b")]);
  });

  test("leaves a call at the end open, because its result may still arrive", () => {
    expect(openCallsOf(mendTranscript([user("a"), calls("1")])).map(({ id }) => id)).toEqual(["1"]);
  });
});
