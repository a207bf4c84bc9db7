import { expect, test } from "bun:test";
import { toTenantId } from "#base/ids.ts";
import { TenantCounts } from "#base/threads/tenant-counts.ts";

test("a tenant is counted up and down, and has no entry at zero", () => {
  const [a, b] = [toTenantId("a"), toTenantId("b")];
  const counts = new TenantCounts();
  expect(counts.of(a)).toBe(0);
  for (const tenantId of [a, a, b]) counts.change(tenantId, 1);
  expect([...counts.all]).toEqual([
    [a, 2],
    [b, 1],
  ]);
  counts.change(b, -1);
  counts.change(a, -1);
  expect([...counts.all]).toEqual([[a, 1]]);
  expect([counts.of(a), counts.of(b)]).toEqual([1, 0]);
});
