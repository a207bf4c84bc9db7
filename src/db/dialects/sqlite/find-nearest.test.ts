import { Database as BunDatabase, type SQLQueryBindings } from "bun:sqlite";
import { expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { findNearest } from "#db/dialects/sqlite/find-nearest.ts";
import { SignBlocks, toWords } from "#db/dialects/sqlite/sign-blocks.ts";
import { SQLITE_SIGN_BLOCKS, SQLITE_VECTOR_INDEX, storeSignsInSqlite } from "#db/dialects/sqlite/vector-search.ts";

const tenantId = MASTER_TENANT_ID;
const QUERY = { tenantId, agentId: "a", userIds: undefined, space: "s" };

/** Returns the places that are found among signs, which are stored at these places. */
function storeSigns(rows: readonly (readonly [place: number, signs: Uint8Array])[], userId = "") {
  const database = new BunDatabase();
  for (const statement of [...SQLITE_VECTOR_INDEX, ...SQLITE_SIGN_BLOCKS]) database.run(statement);
  for (const [place, signs] of rows) {
    const { sql, parameters } = storeSignsInSqlite(tenantId, [{ agentId: "a", userId, space: "s", place, signs }]);
    database.run(sql, parameters as SQLQueryBindings[]);
  }
  const blocks = new SignBlocks(database);
  return {
    database,
    find: (signs: Uint8Array, limit = rows.length + 1, userIds?: readonly string[]) =>
      findNearest(blocks, { ...QUERY, signs, limit, userIds }),
  };
}

/** Returns bytes that look random and are the same for the same number. */
const bytesOf = (length: number, number: number): Uint8Array =>
  new Uint8Array(new Bun.CryptoHasher("sha512").update(`${number}`).digest()).slice(0, length);
const signsOf = (bits: readonly number[], words: number): Uint8Array => {
  const signs = new Uint8Array(4 * words);
  for (const bit of bits) signs[bit >> 3] = (signs[bit >> 3] ?? 0) | (1 << (bit & 7));
  return signs;
};
const onesOf = (bytes: Uint8Array): number =>
  bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
const distanceOf = (one: Uint8Array, other: Uint8Array): number =>
  onesOf(one.map((byte, at) => byte ^ (other[at] ?? 0)));

test.each([1, 2, 3, 4, 5, 7, 8, 9, 12, 16])("every bit of signs of %i words counts once", (words) => {
  const bits = 32 * words;
  const rows = Array.from({ length: bits + 1 }, (_, ones) => {
    // Each row has one bit more than the last, from either end, so that every bit decides somewhere.
    const set = Array.from({ length: ones }, (_, bit) => (bit % 2 === 0 ? bit / 2 : bits - (bit + 1) / 2));
    return [ones + 1, signsOf(set, words)] as const;
  });
  const { find } = storeSigns(rows);
  const rising = rows.map(([place]) => place);
  expect(find(signsOf([], words))).toEqual(rising);
  expect(find(new Uint8Array(4 * words).fill(0xff))).toEqual(rising.toReversed());
});

test.each([4, 16, 32, 36, 64])("signs of %i bytes are ordered by how many bits differ", (length) => {
  const rows = Array.from({ length: 200 }, (_, number) => [number + 1, bytesOf(length, number)] as const);
  const { find } = storeSigns(rows);
  const wanted = bytesOf(length, -1);
  const expected = rows
    .map(([place, signs]) => ({ place, distance: distanceOf(signs, wanted) }))
    .toSorted((one, other) => one.distance - other.distance || other.place - one.place)
    .map(({ place }) => place);
  expect(find(wanted)).toEqual(expected);
  for (const limit of [1, 2, 3, 50, 199, 200]) expect(find(wanted, limit)).toEqual(expected.slice(0, limit));
});

test("of equally near ones the later stored come first, also beyond the limit", () => {
  const { find } = storeSigns(Array.from({ length: 300 }, (_, number) => [number + 1, signsOf([number % 3], 1)]));
  const near = Array.from({ length: 100 }, (_, number) => 300 - 3 * number - 2);
  expect(find(signsOf([0], 1), 5)).toEqual(near.slice(0, 5));
  expect(find(signsOf([0], 1), 100)).toEqual(near);
});

test("nothing is found where nothing is stored, or nothing is asked for", () => {
  const { find } = storeSigns([[1, signsOf([], 1)]]);
  expect(find(signsOf([], 2))).toEqual([]);
  expect(find(signsOf([], 1), 5, ["bob"])).toEqual([]);
  expect(find(signsOf([], 1), 5, [])).toEqual([]);
  expect(find(signsOf([], 1), 0)).toEqual([]);
  expect(find(signsOf([], 1), 1)).toEqual([1]);
});

test("places beyond 32 bits are whole", () => {
  const places = [2 ** 32 - 1, 2 ** 32, 5 * 2 ** 32 + 7];
  const { find } = storeSigns(places.map((place, number) => [place, signsOf(number > 0 ? [number] : [], 1)]));
  expect(find(signsOf([], 1))).toEqual([places[0] ?? 0, places[2] ?? 0, places[1] ?? 0]);
});

test("signs are read where they lie in a buffer, at a whole word or not", () => {
  const bytes = new Uint8Array([9, 9, 9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 9, 9]);
  expect([...toWords(bytes.subarray(4, 12))]).toEqual([1, 2]);
  expect(toWords(bytes.subarray(4, 12)).buffer).toBe(bytes.buffer);
  for (const shift of [1, 2, 3]) {
    const moved = new Uint8Array(16);
    moved.set([1, 0, 0, 0, 2, 0, 0, 0], shift);
    expect([...toWords(moved.subarray(shift, shift + 8))]).toEqual([1, 2]);
    const { find } = storeSigns([
      [7, signsOf([0, 33], 2)],
      [8, signsOf([], 2)],
    ]);
    expect(find(moved.subarray(shift, shift + 8))).toEqual([7, 8]);
  }
});

test("what a block held before a change is not shown after it", () => {
  const { database, find } = storeSigns([
    [1, signsOf([0], 1)],
    [2, signsOf([1], 1)],
    [65, signsOf([2], 1)],
  ]);
  expect(find(signsOf([], 1))).toEqual([65, 2, 1]);
  database.run("delete from memory_signs where place = 2");
  expect(find(signsOf([], 1))).toEqual([65, 1]);
  database.run("delete from memory_signs where place = 1");
  expect(find(signsOf([], 1))).toEqual([65]);
});
