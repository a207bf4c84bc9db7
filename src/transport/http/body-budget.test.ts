import { expect, test } from "bun:test";
import { BodyBudget } from "#transport/http/body-budget.ts";

const BUSY = { code: "UNAVAILABLE", options: { reason: "busy", retryAfterMs: 1_000 } };

test("bodies are read up to the budget, and the next one when another has given back its part", () => {
  const budget = new BodyBudget(100);
  const [first, second] = [budget.open(), budget.open()];
  first.take(60);
  second.take(40);
  expect(() => second.take(1)).toThrow(expect.objectContaining(BUSY));
  first.release();
  second.take(60);
  expect(() => first.take(1)).toThrow(expect.objectContaining(BUSY));
});

test("what was given back counts once", () => {
  const budget = new BodyBudget(100);
  const hold = budget.open();
  hold.take(100);
  hold.release();
  hold.release();
  const next = budget.open();
  next.take(100);
  expect(() => next.take(1)).toThrow(expect.objectContaining(BUSY));
});

test("large bodies take turns, also after one that failed, and small ones never wait", async () => {
  const budget = new BodyBudget(Number.POSITIVE_INFINITY);
  const turns: string[] = [];
  const begin = (name: string, bytes: number) => {
    const hold = budget.open();
    hold.take(bytes);
    return { hold, turn: hold.takeTurn().then(() => turns.push(name)) };
  };
  const large = 20 * 1_024 * 1_024;
  const [first, second, third] = [begin("first", large), begin("second", large), begin("third", large)];
  await first.turn;
  await begin("small", 1_000).turn;
  expect(turns).toEqual(["first", "small"]);
  first.hold.release();
  await second.turn;
  expect(turns).toEqual(["first", "small", "second"]);
  second.hold.release();
  await third.turn;
  expect(turns.at(-1)).toBe("third");
});
