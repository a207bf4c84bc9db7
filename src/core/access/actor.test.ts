import { expect, test } from "bun:test";
import { type Actor, type ActorDescription, describeActor } from "#core/access/actor.ts";

const key = { keyId: "k", prefix: "goclaw_1", scopes: [], tenantId: null, isBound: false, expiresAt: null };

test.each<[Actor, ActorDescription]>([
  [{ kind: "gateway" }, { type: "system", id: "" }],
  [{ kind: "anonymous" }, { type: "system", id: "" }],
  [{ kind: "link" }, { type: "system", id: "" }],
  [
    { kind: "api_key", ...key },
    { type: "api_key", id: "" },
  ],
  [
    { kind: "device", deviceId: "d", shortId: "ab12cd34" },
    { type: "device", id: "ab12cd34" },
  ],
  [
    { kind: "agent", agentKey: "support", runId: "r" },
    { type: "agent", id: "support" },
  ],
  [
    { kind: "job", name: "nightly" },
    { type: "system", id: "job:nightly" },
  ],
  [
    { kind: "channel", name: "telegram" },
    { type: "channel", id: "telegram" },
  ],
])("the activity log shows %j as %j", (actor, description) => {
  expect(describeActor(actor)).toEqual(description);
});
