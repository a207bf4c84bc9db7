import { describe, expect, test } from "bun:test";
import { detectLoop, type FinishedCall } from "#runtime/prompt/detect-loop.ts";

const aCall = (overrides: Partial<FinishedCall> = {}): FinishedCall => ({
  name: "tool",
  arguments: "{}",
  result: "result",
  isError: false,
  isRead: false,
  ...overrides,
});
const times = (count: number, make: (index: number) => FinishedCall) =>
  Array.from({ length: count }, (_, i) => make(i));
const reads = (count: number, kinds: number) =>
  times(count, (i) => aCall({ isRead: true, arguments: `{"n":${i % kinds}}`, result: `${i}` }));

describe("a loop", () => {
  test.each([
    ["nothing yet", [], "fine"],
    ["the same call twice", times(2, () => aCall()), "fine"],
    ["the same call three times", times(3, () => aCall()), "repeating"],
    ["the same call five times", times(5, () => aCall()), "stuck"],
    ["the same call with different results", times(9, (i) => aCall({ result: `${i}` })), "fine"],
    [
      "different calls that change something and have the same result",
      times(9, (i) => aCall({ arguments: `{"n":${i}}` })),
      "fine",
    ],
    [
      "four different calls that fail in the same way",
      times(4, (i) => aCall({ arguments: `${i}`, isError: true })),
      "repeating",
    ],
    [
      "six different calls that fail in the same way",
      times(6, (i) => aCall({ arguments: `${i}`, isError: true })),
      "stuck",
    ],
    ["seven reads in circles", reads(7, 4), "fine"],
    ["eight reads in circles", reads(8, 4), "repeating"],
    ["twelve reads in circles", reads(12, 4), "stuck"],
    ["twenty-three different reads", reads(23, 23), "fine"],
    ["twenty-four different reads", reads(24, 24), "repeating"],
    ["thirty-six different reads", reads(36, 36), "stuck"],
    ["reads with a change among them", [...reads(12, 12), aCall(), ...reads(12, 12)], "fine"],
  ] as const)("%s", (_, calls, state) => {
    expect(detectLoop(calls)).toBe(state);
  });

  test("recognises the same call if its arguments have another order", () => {
    const calls = times(3, (i) =>
      aCall({ arguments: i % 2 ? '{"a":1,"b":[{"c":2,"d":3}]}' : '{"b":[{"d":3,"c":2}],"a":1}' }),
    );
    expect(detectLoop(calls)).toBe("repeating");
  });

  test("ignores calls outside the window of recent calls", () => {
    const others = times(30, (i) => aCall({ arguments: `{"n":${i}}`, result: `${i}` }));
    expect(detectLoop([...times(4, () => aCall()), ...others, aCall()])).toBe("fine");
  });
});
