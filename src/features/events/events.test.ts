import { afterAll, describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { FrameParser } from "#testing/run-follower.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

describe.each([...testDialects()])("the feed of a tenant on %s", async (dialect) => {
  const gateway = await startChatGateway({ dialect, wires: ["openai"] });
  const { call } = gateway;
  await aTenant(gateway, "fox");
  afterAll(() => gateway.stop());

  const list = async (after: string, caller: CallOptions = {}) =>
    (await call("GET", `/v1/events?after=${after}`, undefined, caller)).body;
  const now = async (caller: CallOptions = {}) => (await list("", caller)).cursor;
  const rename = (name: string) => call("PUT", "/v1/agents/openai", { display_name: name });

  /** Opens the stream. Returns the next frames, and an end of the connection. */
  async function follow(headers: Readonly<Record<string, string>> = {}, bearer = gateway.token) {
    const stop = new AbortController();
    const response = await fetch(`${gateway.url}/v1/events`, {
      headers: { Authorization: `Bearer ${bearer}`, Accept: "text/event-stream", ...headers },
      signal: stop.signal,
      keepalive: false,
    });
    const reader = response.body?.getReader();
    const parser = new FrameParser();
    const frames: { readonly id: string; readonly event: string; readonly data: string }[] = [];
    const next = async () => {
      while (frames.length === 0) {
        const part = await reader?.read();
        if (!part || part.done) return undefined;
        frames.push(...parser.push(part.value));
      }
      return frames.shift();
    };
    return { next, stop: () => stop.abort() };
  }

  test("tells what happened since a cursor, as a document and as a stream", async () => {
    const cursor = await now();
    const stream = await follow({ "Last-Event-ID": cursor });
    await rename(`Fox ${dialect}`);
    const { events, cursor: next, is_reset } = await list(cursor);
    expect(events).toMatchObject([{ type: "agent.updated", changed: ["display_name"], id: expect.any(String) }]);
    expect([events[0].cursor, is_reset]).toEqual([next, false]);
    const frame = await stream.next();
    expect([frame?.id, frame?.event, JSON.parse(frame?.data ?? "")]).toEqual([next, "agent.updated", events[0]]);
    expect(await list(next)).toEqual({ events: [], cursor: next, is_reset: false });
    stream.stop();
  });

  test("goes on after the last event that came, without gap or duplicate", async () => {
    const cursor = await now();
    const first = await follow({ "Last-Event-ID": cursor });
    await rename("one");
    const last = await first.next();
    first.stop();
    await rename("two");
    await rename("three");
    const second = await follow({ "Last-Event-ID": last?.id ?? "" });
    const ids = [(await second.next())?.id, (await second.next())?.id];
    expect(ids).toEqual((await list(last?.id ?? "")).events.map(({ cursor: id }: { cursor: string }) => id));
    second.stop();
  });

  test.each(["of another process", "from long ago", "that was never given"])(
    "says that a cursor %s is lost",
    async (kind) => {
      const present = await now();
      const [boot] = present.split(".");
      const cursor =
        kind === "of another process" ? "0193a5b0.4" : kind === "from long ago" ? `${boot}.0` : `${boot}.999999`;
      if (kind === "from long ago") for (let n = 0; n <= LIMITS.feedEvents; n++) await rename(`n${n}`);
      expect(await list(cursor)).toMatchObject({ events: [], is_reset: true });
      const stream = await follow({ "Last-Event-ID": cursor });
      expect(await stream.next()).toMatchObject({ id: "", event: "feed.reset" });
      await rename("after");
      expect(await stream.next()).toMatchObject({ event: "agent.updated" });
      stream.stop();
    },
  );

  test("shows a user its own runs, an administrator all, and another tenant nothing", async () => {
    const [ada, bob] = [await aKey(gateway, ["write", "read"]), await aKey(gateway, ["read"])];
    const stranger = await aKey(gateway, ["admin"], { tenant: "fox" });
    const [cursor, elsewhere] = [await now(), await now(stranger)];
    const { body: run } = await call("POST", "/v1/agents/openai/runs", { input: "hi" }, { ...ada, user: "ada" });
    await gateway.waitForEnd(run.id);
    await rename("hidden");
    const seen = async (caller: CallOptions, after = cursor) =>
      (await list(after, caller)).events.map(({ type }: { type: string }) => type);
    expect(await seen({ ...ada, user: "ada" })).toEqual(["run.started", "run.ended"]);
    expect(await seen({ ...bob, user: "bob" })).toEqual([]);
    expect(await seen({})).toEqual(["run.started", "run.ended", "agent.updated"]);
    expect(await seen(stranger, elsewhere)).toEqual([]);
  });

  test("ends with the rights of its reader", async () => {
    const key = await aKey(gateway, ["read"]);
    const stream = await follow({}, key.bearer);
    await call("DELETE", `/v1/api-keys/${key.id}`);
    expect(await stream.next()).toMatchObject({ event: "error" });
    expect(await stream.next()).toBeUndefined();
  });
});
