import { expect, onTestFinished, spyOn, test } from "bun:test";
import { BoundedCache } from "#base/caches/bounded-cache.ts";

test("the least recently used entry makes room for a new one", () => {
  const cache = new BoundedCache<string, number>({ max: 2 });
  cache.set("a", 1);
  cache.set("b", 2);
  expect([cache.get("a"), cache.peek("b"), cache.has("b")]).toEqual([1, 2, true]);
  cache.set("c", 3);
  expect([cache.keys(), cache.values()]).toEqual([
    ["a", "c"],
    [1, 3],
  ]);
  cache.set("a", 4);
  expect([cache.keys(), cache.peek("a")]).toEqual([["c", "a"], 4]);
});

test("an entry without a value that is true is an entry", () => {
  const cache = new BoundedCache<string, string>({ max: 2 });
  cache.set("empty", "");
  expect([cache.get("empty"), cache.has("empty"), cache.get("absent"), cache.has("absent")]).toEqual([
    "",
    true,
    undefined,
    false,
  ]);
});

test("an entry expires after its time, which a new value begins anew and a use does not", () => {
  let now = 0;
  const clock = spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const cache = new BoundedCache<string, number>({ max: 10, ttl: 60 });
  cache.set("old", 1);
  cache.set("renewed", 1);
  now = 59;
  expect(cache.get("old")).toBe(1);
  cache.set("renewed", 2);
  now = 60;
  expect([cache.get("old"), cache.has("old"), cache.peek("renewed"), cache.keys()]).toEqual([
    undefined,
    false,
    2,
    ["renewed"],
  ]);
});

test("entries count by their size; what is deleted, replaced or evicted gives its size back", () => {
  const cache = new BoundedCache<string, string>({ max: 10, size: { max: 10, of: ({ length }) => length } });
  cache.set("a", "1234");
  cache.set("b", "1234");
  cache.set("b", "12");
  cache.set("c", "1234");
  expect(cache.keys()).toEqual(["a", "b", "c"]);
  cache.delete("a");
  cache.set("d", "1234");
  expect(cache.keys()).toEqual(["b", "c", "d"]);
  cache.set("e", "12345");
  expect(cache.keys()).toEqual(["d", "e"]);
  cache.set("e", "12345678901");
  expect(cache.keys()).toEqual(["d"]);
});

test("a cache of many entries keeps exactly as many as it may", () => {
  const cache = new BoundedCache<number, number>({ max: 1_000 });
  for (let key = 0; key < 5_000; key++) cache.set(key, key);
  expect([cache.keys().length, cache.has(3_999), cache.has(4_000)]).toEqual([1_000, false, true]);
});

test("an entry that fills the cache alone is kept, and counts", () => {
  const cache = new BoundedCache<string, string>({ max: 10, size: { max: 10, of: ({ length }) => length } });
  expect(cache.size).toBe(0);
  cache.set("a", "1234567890");
  expect([cache.get("a"), cache.size]).toEqual(["1234567890", 1]);
});
