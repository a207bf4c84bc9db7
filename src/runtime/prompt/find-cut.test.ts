import { expect, test } from "bun:test";
import { findCut } from "#runtime/prompt/find-cut.ts";
import type { Message, MessageRole } from "#runtime/transcript/message-parts.ts";

const ROLES: Readonly<Record<string, MessageRole>> = { u: "user", a: "assistant", t: "tool", n: "system" };

/** Creates a message of 100 characters per letter. `n` is a note of the gateway's own. */
const messages = (letters: string): readonly Message[] =>
  [...letters].map((letter, index) => ({
    id: String(index),
    parent_id: null,
    role: ROLES[letter] ?? "user",
    parts: [{ type: "text", text: "x".repeat(84) }],
    run_id: letter === "u" ? null : "run",
    is_complete: true,
    created_at: "",
  }));

const ALL = Number.POSITIVE_INFINITY;

test.each([
  ["nothing", "", ALL, 0],
  ["four messages", "uaua", ALL, 0],
  ["all but the last four", "uauaua", ALL, 2],
  ["a turn stays with its results", "uauatata", ALL, 3],
  ["a turn stays with results that came one by one", "uattttua", ALL, 1],
  ["a turn stays with the gateway's note after its results", "uatntna", ALL, 1],
  ["a transcript that is one turn", "atttt", ALL, 0],
  ["fewer messages stay if they are too long", "uauaua", 200, 4],
  ["fewer messages stay, but only whole turns", "uatatat", 350, 5],
  ["the last turn stays even if it is too long", "uaatttt", 10, 2],
])("%s", (_, letters, room, cut) => {
  expect(findCut(messages(letters), { keep: 4, room })).toBe(cut);
});
