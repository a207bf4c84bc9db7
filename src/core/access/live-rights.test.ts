import { expect, test } from "bun:test";
import { AppError, notFound } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { createLiveRights } from "#core/access/live-rights.ts";

/** Watches a call whose caller is authenticated again with these results. The last one is repeated. */
function watched(...results: readonly (Error | undefined)[]) {
  const waiting = [...results];
  const asked = Promise.withResolvers<void>();
  const watch = createLiveRights().watch({
    tenantId: MASTER_TENANT_ID,
    userId: "ada",
    disconnected: new AbortController().signal,
    async authenticate() {
      const result = waiting.length > 1 ? waiting.shift() : waiting[0];
      if (waiting.length === 1 && waiting[0] === result) asked.resolve();
      if (result) throw result;
    },
  });
  const { signal } = watch;
  return { signal, asked: asked.promise, end: () => watch.end() };
}

const refusal = new AppError("UNAUTHORIZED", "error.tenant_access_revoked", {}, { status: 403 });

test.each([
  ["a caller that is refused", refusal],
  ["a caller whose tenant is gone", notFound("tenant", "fox")],
])("%s loses an open call, with the refusal as the reason", async (_, error) => {
  const { signal, end } = watched(undefined, error);
  while (!signal.aborted) await Bun.sleep(20);
  expect(signal.reason).toBe(error);
  end();
});

test.each([
  ["a database that does not answer", new AppError("UNAVAILABLE", "error.database_unavailable", {})],
  ["any other failure", new Error("broken")],
])("%s takes no rights away", async (_, error) => {
  const { signal, asked, end } = watched(undefined, error);
  await asked;
  await Bun.sleep(50);
  expect(signal.aborted).toBe(false);
  end();
});
