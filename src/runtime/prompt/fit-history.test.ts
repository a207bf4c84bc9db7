import { describe, expect, test } from "bun:test";
import { fitHistory } from "#runtime/prompt/fit-history.ts";
import { type Message, textOf } from "#runtime/transcript/message-parts.ts";

const message = (id: number, role: Message["role"], length: number): Message => ({
  id: `m${id}`,
  parent_id: null,
  run_id: "r",
  role,
  parts: [{ type: "text", text: `${id}`.repeat(length) }],
  is_complete: true,
  created_at: "",
});
const TURNS = [message(1, "user", 100), message(2, "assistant", 100), message(3, "user", 100)];
const beginningsOf = (shown: readonly Message[]) => shown.map(({ parts }) => textOf(parts).slice(0, 8));

describe("a transcript that does not fit", () => {
  test("is unchanged if it does fit", () => {
    expect(fitHistory(TURNS, 1_000, undefined)).toBe(TURNS);
    expect(fitHistory(TURNS, 1_000, TURNS[0])).toBe(TURNS);
  });

  test("loses its oldest turns, with a note about it", () => {
    expect(beginningsOf(fitHistory(TURNS, 250, undefined))).toEqual(["[Earlier", "22222222", "33333333"]);
    expect(beginningsOf(fitHistory(TURNS, 1, undefined))).toEqual(["[Earlier", "33333333"]);
  });

  test("keeps its summary if that fits beside the last turn", () => {
    const shown = fitHistory(TURNS, 250, TURNS[0]);
    expect(beginningsOf(shown)).toEqual(["11111111", "33333333"]);
    expect(textOf(shown[0]?.parts ?? [])).toContain("[Earlier messages are left out");
    expect(beginningsOf(fitHistory(TURNS, 200, TURNS[0]))).toEqual(["[Earlier", "33333333"]);
  });
});
