import { expect, test } from "bun:test";
import { systemClock } from "#base/clock.ts";
import type { ModelError } from "#models/language-model.ts";
import { ProviderHealth } from "#models/resilience/provider-health.ts";

const SCRIPT = `
  import { openSync } from "node:fs";
  import { EgressError } from "#base/egress/egress-error.ts";
  import { fromEgressError } from "#models/failures/from-egress-error.ts";
  const kinds = () => ["dns", "connect", "network"].map((kind) => fromEgressError(new EgressError(kind))?.kind);
  console.log(kinds().join());
  try { for (;;) openSync("/dev/null"); } catch {}
  console.log(kinds().join());
`;

test("a connection that fails because this process has no file left is not the provider's failure", async () => {
  const command = 'ulimit -n 100; exec "$0" --no-env-file -e "$1"';
  const child = Bun.spawn(["bash", "-c", command, process.execPath, SCRIPT], { cwd: import.meta.dir });
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  expect(lines).toEqual(["unreachable,unreachable,unreachable", "out_of_files,out_of_files,out_of_files"]);
});

test("it opens no circuit and cools no provider", () => {
  const target = { tenantId: "t", provider: "p", model: "m" };
  const health = new ProviderHealth(systemClock);
  const fail = (kind: ModelError["kind"]) => {
    for (let times = 0; times < 10; times++) health.failed(target, { kind, message: "" });
    return [health.isCoolingDown(target), health.openForMs(target) !== undefined];
  };
  expect(fail("out_of_files")).toEqual([false, false]);
  expect(fail("unreachable")).toEqual([true, true]);
});
