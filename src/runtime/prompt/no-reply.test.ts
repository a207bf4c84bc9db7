import { expect, test } from "bun:test";
import { isSilentReply } from "#runtime/prompt/no-reply.ts";

test.each([
  ["NO_REPLY", true],
  ["**no_reply**", true],
  ["NO_REPLY - nothing", true],
  [' "No_Reply."\n', true],
  ["_NO_REPLY_", true],
  ["`NO_REPLY`: the user only said thanks", true],
  ["NO_REPLYING", false],
  ["NO_REPLY2", false],
  ["I say NO_REPLY", false],
  ["NO REPLY", false],
  ["", false],
])("%j is silent: %p", (text, isSilent) => {
  expect(isSilentReply(text)).toBe(isSilent);
});
