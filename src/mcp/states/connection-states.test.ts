import { expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { ConnectionStates } from "#mcp/states/connection-states.ts";

const server = { tenantId: MASTER_TENANT_ID, serverId: "docs" };
const at = (userId: string) => ({ ...server, userId });

function createStates() {
  let seconds = 0;
  const told: string[] = [];
  const states = new ConnectionStates(
    { now: () => new Date(Date.UTC(2030, 0, 1, 0, 0, seconds++)) },
    (_, { state, error }) => told.push(error ?? state),
  );
  return { states, told, seen: () => states.of(server) };
}

test("the worst of several connections to one server counts, until it is closed", () => {
  const { states, seen } = createStates();
  states.report(at(""), "connected", { toolCount: 3 });
  states.report(at("ada"), "failed", { error: "it refused" });
  states.report(at("bob"), "connecting", {});
  expect(seen()).toMatchObject({ state: "failed", error: "it refused", toolCount: 3 });
  states.forget(at("ada"));
  expect(seen()).toMatchObject({ state: "connecting", error: undefined });
  states.report(at("bob"), "connected", { toolCount: 9 });
  expect(seen()).toMatchObject({ state: "connected", toolCount: 3 });
  expect(seen().story.map(({ state }) => state)).toEqual(["connected", "failed", "connected"]);
  states.forget(at(""));
  states.forget(at("bob"));
  expect(seen()).toMatchObject({ state: "idle", toolCount: undefined });
});

test("tries that fail alike are one failure, which lasts since the first", () => {
  const { states, seen } = createStates();
  states.report(at(""), "connecting", {});
  states.report(at(""), "failed", { error: "HTTP 500" });
  const { since } = seen();
  for (let round = 0; round < 20; round++) {
    states.report(at(""), "connecting", {});
    expect(seen().state).toBe("connecting");
    states.report(at(""), "failed", { error: "HTTP 500" });
  }
  expect(seen()).toMatchObject({ state: "failed", since, story: [{ state: "failed", since, error: "HTTP 500" }] });
  states.report(at(""), "failed", { error: "HTTP 401" });
  expect(seen().story.map(({ error }) => error)).toEqual(["HTTP 401", "HTTP 500"]);
});

test("only a change to what is known of a server is told", () => {
  const { states, told } = createStates();
  states.forget(at(""));
  states.report(at(""), "connected", { toolCount: 3 });
  states.report(at(""), "connected", { toolCount: 3 });
  states.report(at("ada"), "failed", { error: "it refused" });
  states.report(at("bob"), "connecting", {});
  states.report(at("bob"), "connected", { toolCount: 3 });
  states.forget(at("bob"));
  expect(told).toEqual(["connected", "it refused"]);
  states.forget(at("ada"));
  states.report(at(""), "connected", { toolCount: 4 });
  states.forget(at(""));
  expect(told).toEqual(["connected", "it refused", "connected", "connected", "idle"]);
});
