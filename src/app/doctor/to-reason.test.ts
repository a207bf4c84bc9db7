import { expect, test } from "bun:test";
import { toReason } from "#app/doctor/to-reason.ts";
import { createEgress } from "#base/egress/create-egress.ts";
import { EgressError } from "#base/egress/egress-error.ts";

test("an abort by our own time limit is described with the limit", async () => {
  const egress = createEgress({ allowHosts: new Set(), allowPrivateProviderUrls: false });
  const cut = egress.for("provider").fetch("https://8.8.8.8/", { signal: AbortSignal.abort() });
  expect(toReason(await cut.catch((thrown: unknown) => thrown), 5_000)).toBe("no answer within 5 s");
  egress.close();
});

test("every other failure is described by its kind", () => {
  expect(toReason(new EgressError("dns"), 5_000)).toBe("dns");
  expect(toReason(new Error("something else"), 5_000)).toBe("network");
});
