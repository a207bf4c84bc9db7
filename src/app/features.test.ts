import { describe, expect, test } from "bun:test";
import { features } from "#app/features.ts";
import { operations } from "#app/operations.ts";

describe("the features", () => {
  test("have names of their own, and so have their events", () => {
    const names = features.map(({ name }) => name);
    const types = features.flatMap(({ events = [] }) => events.map(({ type }) => type));
    expect(names).toEqual([...new Set(names)]);
    expect(types).toEqual([...new Set(types)]);
  });

  test("define every kind of event that their operations publish", () => {
    const undefinedKinds = features.flatMap(({ operations, events = [] }) =>
      operations.filter(({ audit }) => audit && !events.includes(audit)).map(({ name }) => name),
    );
    const all = features.flatMap(({ events = [] }) => events);
    const unknown = operations.flatMap(({ otherAudits = [] }) => otherAudits.filter((kind) => !all.includes(kind)));
    expect(unknown).toEqual([]);
    expect(undefinedKinds).toEqual([]);
  });

  test("publish an event for everything that changes, except what only reads, or starts or stops work", () => {
    const silent = operations
      .filter(({ http, audit }) => http && http.method !== "GET" && !audit)
      .map(({ name }) => name);
    expect(silent.toSorted()).toEqual([
      "agents.wake",
      "channels.deliver",
      "chat.completions",
      "files.sign",
      "mcp.servers.test",
      "memory.search",
      "providers.verify",
      "providers.verify-embedding",
      "responses.cancel",
      "responses.create",
      "runs.cancel",
      "runs.repeat",
      "runs.start",
    ]);
  });
});
