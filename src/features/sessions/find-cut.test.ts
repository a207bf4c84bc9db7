import { expect, test } from "bun:test";
import { findCut } from "#features/sessions/find-cut.ts";
import type { MessageRole } from "#runtime/message-parts.ts";

const roles = (text: string) =>
  [...text].map((letter) => {
    const role = ({ u: "user", a: "assistant", t: "tool" } as const)[letter as "u" | "a" | "t"] satisfies MessageRole;
    return { role, parts: [] };
  });

test.each([
  ["nothing", "", 0],
  ["four messages", "uaua", 0],
  ["all but the last four", "uauaua", 2],
  ["a turn stays with its results", "uauatata", 3],
  ["a turn stays with results that came one by one", "uattttua", 1],
  ["a transcript that is one turn", "atttt", 0],
])("%s", (_, text, cut) => {
  expect(findCut(roles(text))).toBe(cut);
});
