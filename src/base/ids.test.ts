import { expect, test } from "bun:test";
import { idBound, newId } from "#base/ids.ts";

test("ids sort by the moment they were made, and the bound of a moment comes between", () => {
  for (const moment of [1, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 0, 1, 5, 536), Date.UTC(2999, 11, 31)]) {
    const bound = idBound(new Date(moment));
    expect(Bun.randomUUIDv7("hex", moment - 1) < bound).toBe(true);
    expect(bound < Bun.randomUUIDv7("hex", moment)).toBe(true);
  }
});

test("a new id is of its own moment", () => {
  const before = new Date();
  const id = newId();
  const after = new Date(Date.now() + 1);
  expect([idBound(before) < id, id < idBound(after)]).toEqual([true, true]);
});
