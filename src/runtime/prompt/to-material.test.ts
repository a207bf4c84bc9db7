import { describe, expect, test } from "bun:test";
import { toMaterial } from "#runtime/prompt/to-material.ts";
import type { Message, MessagePart } from "#runtime/transcript/index.ts";

const message = (role: "user" | "assistant", parts: readonly MessagePart[]) => ({ role, parts }) as Message;
const says = (role: "user" | "assistant", text: string) => message(role, [{ type: "text", text }]);
const joined = (messages: readonly Message[], chars: number) =>
  toMaterial(messages, chars).map((piece) => piece.join(""));

describe("the material of a summary", () => {
  test("holds who said what, in order", () => {
    const call = { type: "tool_call", id: "1", name: "clock", arguments: "{}" } as const;
    const messages = [
      says("user", "hi"),
      message("assistant", [{ type: "text", text: "wait" }, call]),
      says("user", "?"),
    ];
    expect(joined(messages, 1_000)).toEqual(["user:\nhi\n\nassistant:\nwait\n[calls clock with {}]\n\nuser:\n?"]);
  });

  test("is in pieces of whole messages, each as long as it may be", () => {
    const messages = Array.from({ length: 5 }, () => says("user", "abcd"));
    const two = "user:\nabcd\n\nuser:\nabcd";
    expect(joined(messages, two.length)).toEqual([two, two, "user:\nabcd"]);
    expect(joined(messages, two.length - 1)).toEqual(Array(5).fill("user:\nabcd"));
    expect(toMaterial([], 10)).toEqual([]);
  });

  test("lacks the middle of a message that is longer than a piece", () => {
    const messages = [says("user", "short"), says("assistant", `${"a".repeat(50_000)}${"z".repeat(50_000)}`)];
    const [first, second = ""] = joined(messages, 10_000);
    expect(first).toBe("user:\nshort");
    expect(second).toMatch(/^assistant:\na+\n\[… cut …\]\nz+$/);
    expect(second.length).toBeGreaterThan(9_990);
    expect(second.length).toBeLessThanOrEqual(10_000);
  });

  test("keeps long texts as they are, and joins short ones", () => {
    const long = "x".repeat(5_000);
    expect(toMaterial([says("user", "a"), says("assistant", long), says("user", "b"), says("user", "c")], 1e6)).toEqual(
      [["user:\na\n\nassistant:\n", long, "\n\nuser:\nb\n\nuser:\nc"]],
    );
  });
});
