import { expect, test } from "bun:test";
import type { LookupAddress } from "node:dns";
import { createCheckedLookup, type Resolve, resolveChecked, systemResolve } from "#base/egress/checked-lookup.ts";

const allow = () => {};
const resolve: Resolve = async () => ["1.1.1.1", "2606:4700::1111"];

/** Looks a name up as a socket does. */
const lookUp = (lookup: ReturnType<typeof createCheckedLookup>, all: boolean) =>
  new Promise<readonly [string | readonly LookupAddress[], number | undefined]>((done, fail) =>
    lookup("a.example", { all }, (error, address, family) => (error ? fail(error) : done([address, family]))),
  );

test("a socket gets all addresses of a name with their families, or the first one", async () => {
  const lookup = createCheckedLookup(resolve, allow);
  const all = [
    { address: "1.1.1.1", family: 4 },
    { address: "2606:4700::1111", family: 6 },
  ];
  expect((await lookUp(lookup, true))[0]).toEqual(all);
  expect(await lookUp(lookup, false)).toEqual(["1.1.1.1", 4]);
});

test("a socket gets the refusal of any address, whichever it asked for", async () => {
  const checked: string[] = [];
  const lookup = createCheckedLookup(resolve, (address) => {
    checked.push(address);
    if (address.includes(":")) throw new Error("refused");
  });
  await expect(lookUp(lookup, false)).rejects.toThrow("refused");
  await expect(lookUp(lookup, true)).rejects.toThrow("refused");
  expect(checked).toEqual(["1.1.1.1", "2606:4700::1111", "1.1.1.1", "2606:4700::1111"]);
});

test("a name without addresses, or one that does not resolve, is an error of names", async () => {
  const cause = new Error("no such name");
  await expect(resolveChecked(async () => [], "a.example", allow)).rejects.toMatchObject({ kind: "dns" });
  const failing = resolveChecked(() => Promise.reject(cause), "a.example", allow);
  await expect(failing).rejects.toMatchObject({ kind: "dns", cause });
});

test("the resolver of the system knows this machine", async () => {
  const addresses = await systemResolve("localhost");
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(["127.0.0.1", "::1"]).toContain(address);
});
