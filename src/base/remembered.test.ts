import { expect, test } from "bun:test";
import { MINUTE } from "#base/clock.ts";
import { Remembered } from "#base/remembered.ts";

const create = () => new Remembered<{ readonly version: number }>({ max: 2, ttl: MINUTE });

/** A source whose value counts how often it was read. */
function createSource() {
  let version = 0;
  return { read: async () => ({ version: ++version }), reads: () => version };
}

test("a value is read once and then comes from memory", async () => {
  const { read, reads } = createSource();
  const remembered = create();
  expect(await remembered.get("a", read)).toEqual({ version: 1 });
  expect(await remembered.get("a", read)).toEqual({ version: 1 });
  expect(reads()).toBe(1);
});

test("an absent value is read again each time", async () => {
  let reads = 0;
  const remembered = create();
  const read = async () => {
    reads++;
    return undefined;
  };
  await remembered.get("a", read);
  await remembered.get("a", read);
  expect(reads).toBe(2);
});

test("a value that was being read when it changed is not kept", async () => {
  const { read } = createSource();
  const remembered = create();
  const changed = Promise.withResolvers<void>();
  const early = remembered.get("a", async () => {
    const value = await read();
    await changed.promise;
    return value;
  });
  remembered.forget();
  changed.resolve();
  expect(await early).toEqual({ version: 1 });
  expect(await remembered.get("a", read)).toEqual({ version: 2 });
});

test("only the keys that match are forgotten", async () => {
  const { read } = createSource();
  const remembered = create();
  await remembered.get("a:1", read);
  await remembered.get("b:1", read);
  remembered.forget((key) => key.startsWith("a:"));
  expect(await remembered.get("a:1", read)).toEqual({ version: 3 });
  expect(await remembered.get("b:1", read)).toEqual({ version: 2 });
});

test("the least recently used value makes room for a new one", async () => {
  const { read } = createSource();
  const remembered = create();
  for (const key of ["a", "b", "c"]) await remembered.get(key, read);
  expect(await remembered.get("c", read)).toEqual({ version: 3 });
  expect(await remembered.get("a", read)).toEqual({ version: 4 });
});

test("values count by their size, and one that is larger than all of them may be is not kept", async () => {
  const remembered = new Remembered<{ readonly text: string }>({
    ...{ max: 10, ttl: MINUTE },
    size: { max: 10, of: ({ text }) => text.length },
  });
  let reads = 0;
  const read = (text: string) => async () => {
    reads++;
    return { text };
  };
  for (const text of ["123456", "1234567890x", "123456"]) await remembered.get(text, read(text));
  expect(reads).toBe(2);
  expect(await remembered.get("1234567890x", read("1234567890x"))).toEqual({ text: "1234567890x" });
  expect(reads).toBe(3);
});
