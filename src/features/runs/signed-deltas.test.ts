import { afterAll, describe, expect, test } from "bun:test";
import { writeWorkspace } from "#features/files/files-fixture.ts";
import { aKey } from "#features/tenants/tenant-fixture.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { FrameParser, type WireEvent } from "#testing/run-follower.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";
import type { CallOptions } from "#testing/test-gateway.ts";

const withoutTokens = (text: string) => text.replaceAll(/\?ft=[\w-]{43}\.\d+\.[\da-f-]{36}/g, "?ft=");
const textIn = (events: readonly WireEvent[]) =>
  events.flatMap(({ type, text }) => (type === "text.delta" ? (text ?? "") : [])).join("");

describe.each([...testDialects()])("links in the pieces of a run's text on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { call, model, headers: mine } = gateway;
  afterAll(gateway.stop);
  const { id: agent } = (await call("GET", "/v1/agents/scripted")).body;
  const link = `/v1/files/${agent}/${ownWorkspace("ada")}/${encodeURIComponent("báo cáo.txt")}`;
  writeWorkspace(gateway, { [`${agent}/${ownWorkspace("ada")}/báo cáo.txt`]: "the report" });
  /** Returns the events that exist after a cursor. */
  const documentAfter = async (id: string, after: string): Promise<readonly WireEvent[]> => {
    const query = after === "" ? "" : `?after=${after}`;
    const headers = { Accept: "application/json" };
    return (await call("GET", `/v1/runs/${id}/events${query}`, undefined, { headers })).body.events;
  };
  /** Follows a run from a cursor to its end. */
  const follow = async (id: string, after = "", headers = mine): Promise<readonly WireEvent[]> => {
    const resume = after === "" ? {} : { "Last-Event-ID": after };
    const response = await fetch(`${gateway.url}/v1/runs/${id}/events`, { headers: { ...headers, ...resume } });
    const frames = new FrameParser().push(new Uint8Array(await response.arrayBuffer()));
    return frames.map(({ data }) => JSON.parse(data) as WireEvent);
  };
  const open = async (text: string) => {
    const signed = /\/v1\/files\/\S+\?ft=[\w-]+\.\d+\.[\da-f-]{36}/.exec(text)?.[0] ?? "/none";
    return (await call("GET", signed, undefined, { bearer: null, user: null } satisfies CallOptions)).text;
  };
  const run = async (pieces: readonly string[]): Promise<string> => {
    model.enqueue({ text: pieces });
    const { id } = (await gateway.start("hello")).body;
    expect((await gateway.waitForEnd(id)).status).toBe("completed");
    return id;
  };
  const inPieces = (text: string, size: number) =>
    Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));

  test.each([1, 3, 50, 1_000])("of %p characters are whole and signed for whoever reads along", async (size) => {
    const text = `See ${link}, [it](${link}) at https://evil.example${link} or ${link}`;
    const upstream = model.manual();
    const { id } = (await gateway.start("hello")).body;
    await upstream.arrived;
    const followers = [follow(id), follow(id)];
    for (const piece of inPieces(text, size)) await upstream.send(piece);
    await upstream.finish();
    for (const events of await Promise.all(followers)) {
      const { message } = events.find(({ type }) => type === "message.completed") ?? {};
      const [part] = message?.parts ?? [];
      expect(withoutTokens(textIn(events))).toBe(withoutTokens(part?.type === "text" ? part.text : ""));
      expect(textIn(events).match(/\?ft=/g)).toHaveLength(3);
      expect(await open(textIn(events))).toBe("the report");
      const signed = events.filter(({ type, text: piece = "" }) => type === "text.delta" && piece.includes("?ft="));
      expect(signed.every(({ text: piece = "" }) => piece.includes(`${link}?ft=`))).toBe(true);
    }
  });

  test("stay at their cursors, so each reader who resumes gets the same text", async () => {
    const pieces = ["See ", "/v1/fi", link.slice(6), ".", " Or https://evil.example", link, " bye"];
    const held = "See ".length;
    const ends = pieces.map((_, n) => pieces.slice(0, n + 1).join("").length);
    const upstream = model.manual();
    const { id } = (await gateway.start("hello")).body;
    await upstream.arrived;
    const read: WireEvent[] = [];
    const cursors = new Map<string, string>();
    for (const [n, piece] of pieces.entries()) {
      await upstream.send(piece);
      const isHeld = n >= 1 && n <= 3;
      const expected = isHeld ? held : (ends[n] ?? 0);
      for (;;) {
        read.push(...(await documentAfter(id, read.at(-1)?.cursor ?? "")));
        const [, offset = "0"] = read.at(-1)?.cursor.split(":") ?? [];
        if (Number(offset) === expected) break;
      }
      cursors.set(read.at(-1)?.cursor ?? "", textIn(read));
    }
    await upstream.finish();
    await gateway.waitForEnd(id);
    const whole = withoutTokens(textIn(await follow(id)));
    expect(whole).toBe(`See ${link}?ft=. Or https://evil.example${link} bye`);
    expect(withoutTokens(textIn(read))).toBe(whole);
    expect([...cursors.keys()].map((cursor) => Number(cursor.split(":")[1]))).toEqual([held, ...ends.slice(4)]);
    for (const [cursor, before] of cursors) {
      for (const rest of [await follow(id, cursor), await documentAfter(id, cursor)]) {
        expect(withoutTokens(before + textIn(rest))).toBe(whole);
      }
    }
  });

  test("are signed on a WebSocket, in both of its dialects", async () => {
    const id = await run([`Here: ${link} `]);
    for (const dialect of ["goclaw", "operations"]) {
      for (let reader = 0; reader < 2; reader++) {
        const socket = await openSocket(gateway, { params: { dialect } });
        await socket.call("runs.subscribe", { run_id: id });
        await socket.frame((frame) => frame.includes('"run.completed"'));
        expect(await open(socket.frames.find((frame) => frame.includes("Here: ")) ?? "")).toBe("the report");
        await socket.close();
      }
    }
  });

  test("that end a message come with its end, and the first says who answers", async () => {
    const events = await follow(await run([link]));
    const deltas = events.filter(({ type }) => type === "text.delta");
    expect(deltas).toHaveLength(1);
    expect(deltas[0]).toMatchObject({ offset: 0, answeredBy: { model: "test-model" } });
    expect(deltas[0]?.cursor).toEndWith(`:${link.length}`);
    expect(await open(textIn(events))).toBe("the report");
  });

  test("are stored without tokens, and are signed for nobody who may not read them", async () => {
    const id = await run([`Here: ${link} `]);
    const admin = await aKey(gateway, ["admin"], { owner_id: "eve" });
    expect(await open(textIn(await follow(id, "", { Authorization: `Bearer ${admin.bearer}` })))).toBe("the report");
    const { session_key } = await gateway.runOf(id);
    expect(JSON.stringify(await gateway.transcriptOf(session_key))).not.toContain("ft=");
    const others = `/v1/files/${agent}/${ownWorkspace("eve")}/a.txt`;
    const bob = await aKey(gateway, ["write"]);
    await call("POST", `/v1/agents/${agent}/sharing`, { user_id: "bob", role: "user" });
    model.enqueue({ text: [`Here: ${others} `] });
    const asBob = { ...bob, user: "bob" };
    const started = (await call("POST", "/v1/agents/scripted/runs", { input: "hello" }, asBob)).body;
    const events = await follow(started.id, "", { Authorization: `Bearer ${bob.bearer}`, "X-GoClaw-User-Id": "bob" });
    expect(textIn(events)).toBe(`Here: ${others} `);
  });
});
