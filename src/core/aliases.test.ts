import { expect, test } from "bun:test";
import { aliasOf, mayBeAlias } from "#core/aliases.ts";

test.each([
  ["agent_id", "agentId"],
  ["session_key", "sessionKey"],
  ["parent_run_id", "parentRunId"],
  ["budget_monthly_cents", "monthly_cents"],
  ["idea", undefined],
  ["agent_ids", undefined],
  ["max_tokens", undefined],
])("the other name of %s is %p", (field, alias) => {
  expect(aliasOf(field)).toBe(alias);
  if (alias !== undefined) expect(mayBeAlias(alias)).toBe(true);
});

test("a name without capitals is no other name, except for those of a list", () => {
  expect(["agent_id", "monthly_cents", "agentId"].map(mayBeAlias)).toEqual([false, true, true]);
});
