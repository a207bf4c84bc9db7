import { expect, test } from "bun:test";
import { type TenantId, toTenantId } from "#base/ids.ts";
import { FairQueue, type Waiting } from "#base/threads/fair-queue.ts";

interface Item extends Waiting {
  readonly name: string;
}

const [A, B, C] = ["a", "b", "c"].map(toTenantId) as [TenantId, TenantId, TenantId];
const all = () => true;

/** A queue of these items: the tenant, the user if it is known, and a name. */
function aQueue(...items: readonly (readonly [TenantId, string | undefined, string])[]) {
  const queue = new FairQueue<Item>();
  for (const [tenantId, userId, name] of items) queue.add({ tenantId, userId, name });
  return queue;
}

const drain = (queue: FairQueue<Item>): readonly string[] => {
  const names: string[] = [];
  for (let item = queue.take(all); item; item = queue.take(all)) names.push(item.name);
  return names;
};

test("tenants take turns, and so do the users of a tenant, whose own items keep their order", () => {
  const queue = aQueue(
    [A, "ada", "a1"],
    [A, "ada", "a2"],
    [A, "ada", "a3"],
    [A, "bob", "a4"],
    [A, "bob", "a5"],
    [B, "eve", "b1"],
    [B, "eve", "b2"],
  );
  expect(drain(queue)).toEqual(["a1", "b1", "a4", "b2", "a2", "a5", "a3"]);
});

test("unknown users take turns as one", () => {
  const queue = aQueue([A, undefined, "a1"], [A, undefined, "a2"], [A, "ada", "a3"]);
  expect(drain(queue)).toEqual(["a1", "a3", "a2"]);
});

test("a tenant that may not start keeps its turn", () => {
  const queue = aQueue([A, "ada", "a1"], [B, "bob", "b1"], [C, "eve", "c1"], [B, "bob", "b2"]);
  const notA = (tenantId: TenantId) => tenantId !== A;
  expect([queue.take(notA)?.name, queue.take(all)?.name]).toEqual(["b1", "a1"]);
  expect([queue.take((tenantId) => tenantId === A), queue.size]).toEqual([undefined, 2]);
  expect(drain(queue)).toEqual(["c1", "b2"]);
});

test("knows how many items wait, and for whom one may start", () => {
  const queue = aQueue([A, "ada", "a1"], [A, "bob", "a2"], [A, "bob", "a3"], [B, "eve", "b1"]);
  expect([queue.size, queue.sizeOf(A), queue.sizeOf(B), queue.sizeOf(C)]).toEqual([4, 3, 1, 0]);
  expect([queue.hasNext(all), queue.hasNext((tenantId) => tenantId === C)]).toEqual([true, false]);
  queue.take(all);
  expect([queue.size, queue.sizeOf(A)]).toEqual([3, 2]);
  drain(queue);
  expect([queue.size, queue.sizeOf(A), queue.hasNext(all), queue.take(all)]).toEqual([0, 0, false, undefined]);
});

test("a tenant that comes back waits behind the others", () => {
  const queue = aQueue([A, "ada", "a1"], [B, "bob", "b1"]);
  queue.take(all);
  queue.add({ tenantId: A, userId: "ada", name: "a2" });
  expect(drain(queue)).toEqual(["b1", "a2"]);
});
