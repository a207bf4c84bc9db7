import { expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { storeSignsInSqlite } from "#db/dialects/sqlite/vector-search.ts";

test("signs begin with their place in eight bytes, the lowest first, as earlier releases stored them", () => {
  const chunk = { agentId: "a", userId: "u", space: "s", place: 3 * 2 ** 32 + 258, signs: new Uint8Array([7, 9]) };
  const { parameters } = storeSignsInSqlite(MASTER_TENANT_ID, [chunk]);
  expect(parameters.at(-1)).toEqual(new Uint8Array([2, 1, 0, 0, 3, 0, 0, 0, 7, 9]));
});
