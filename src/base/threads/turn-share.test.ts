import { expect, test } from "bun:test";
import { nextTurn } from "#base/threads/next-turn.ts";
import { TurnShare } from "#base/threads/turn-share.ts";

test("pieces of many are done in order, and no turn has more of them than its size", async () => {
  const share = new TurnShare(10);
  let turn = 0;
  let isDone = false;
  const counting = (async () => {
    for (; !isDone; turn++) await nextTurn();
  })();
  const done: { piece: number; turn: number }[] = [];
  await Promise.all(Array.from({ length: 12 }, (_, piece) => share.run(5, () => done.push({ piece, turn }))));
  isDone = true;
  await counting;
  expect(done.map(({ piece }) => piece)).toEqual(Array.from({ length: 12 }, (_, piece) => piece));
  const perTurn = Map.groupBy(done, (entry) => entry.turn);
  expect(Math.max(...[...perTurn.values()].map(({ length }) => length))).toBe(2);
});

test("a piece that throws fails alone", async () => {
  const share = new TurnShare(10);
  const failing = share.run(1, () => {
    throw new Error("full");
  });
  let isDone = false;
  const next = share.run(1, () => {
    isDone = true;
  });
  await expect(failing).rejects.toThrow("full");
  await next;
  expect(isDone).toBe(true);
});
