import { afterAll, describe, expect, test } from "bun:test";
import { pathOf, startSessionGateway } from "#features/sessions/session-fixture.ts";
import { aKey, aTenant } from "#features/tenants/tenant-fixture.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const LABELS = [
  "Đơn hàng số 7",
  "Résumé of the quarter",
  "ПРИВЕТ, мир",
  "100 % [sure]_*?",
  "a\\b",
  "Straße",
  "ΟΔΟΣ 5",
] as const;

describe.each([...testDialects()])("a search for sessions on %s", async (dialect) => {
  const gateway = await startSessionGateway(dialect);
  const { call, say } = gateway;
  afterAll(() => gateway.stopAll());
  const search = async (q: string, query = "", options = {}) =>
    (await call("GET", `/v1/sessions?q=${encodeURIComponent(q)}${query}`, undefined, options)).body;
  const labelsOf = async (q: string, query = "", options = {}) =>
    (await search(q, query, options)).sessions.map(({ label }: { label: string }) => label);

  const keys: string[] = [];
  for (const label of LABELS) {
    const key = await say("hello", `talk-${keys.length}`);
    await call("PATCH", pathOf(key), { label });
    keys.push(key);
  }

  test("finds a part of the label, whatever its case and accents", async () => {
    for (const q of ["đơn hàng", "don hang", "ĐƠN HÀNG", "  hàng SỐ ", "đo\u031bn"]) {
      expect(await labelsOf(q)).toEqual([LABELS[0]]);
    }
    for (const q of ["resume", "RÉSUMÉ"]) expect(await labelsOf(q)).toEqual([LABELS[1]]);
    for (const q of ["привет", "МИР"]) expect(await labelsOf(q)).toEqual([LABELS[2]]);
    for (const q of ["straße", "STRAßE", "Strasse"]) expect(await labelsOf(q)).toEqual([LABELS[5]]);
    for (const q of ["οδος", "οδοσ", "Οδός"]) expect(await labelsOf(q)).toEqual([LABELS[6]]);
  });

  test("takes every sign as it is", async () => {
    for (const q of ["%", "[sure]", "_*?", "*?", "]", "100 % ["]) expect(await labelsOf(q)).toEqual([LABELS[3]]);
    expect(await labelsOf("\\")).toEqual([LABELS[4]]);
    for (const q of ["s*e", ".*", "^don", "(?i)don", "***=don", "[sdr]", "'", "|"]) {
      expect(await labelsOf(q)).toEqual([]);
    }
  });

  test("finds the key, the user and the agent, and pages what it found", async () => {
    expect((await search("TALK-2")).sessions.map(({ key }: { key: string }) => key)).toEqual([keys[2]]);
    const newest = LABELS.toReversed();
    for (const q of ["ADA", "Scripted", "scrïpt"]) expect(await labelsOf(q)).toEqual(newest);
    const page = await search("scripted", "&limit=2&offset=3");
    expect(page).toMatchObject({ total: LABELS.length, limit: 2, offset: 3 });
    expect(page.sessions.map(({ label }: { label: string }) => label)).toEqual(newest.slice(3, 5));
    expect((await search("no such words")).total).toBe(0);
    expect((await search("")).total).toBe(LABELS.length);
    expect((await search("o".repeat(200))).total).toBe(0);
    expect((await call("GET", `/v1/sessions?q=${"x".repeat(201)}`)).status).toBe(400);
  });

  test("finds a session by the label that it has now, and a branch by its own", async () => {
    const key = await say("hello", "renamed");
    await call("PATCH", pathOf(key), { label: "Formerly" });
    await call("PATCH", pathOf(key), { label: "Présent", metadata: { a: "b" } });
    expect(await labelsOf("formerly")).toEqual([]);
    await call("PATCH", pathOf(key), { metadata: {} });
    expect(await labelsOf("present")).toEqual(["Présent"]);
    const [, answer] = await gateway.messagesOf(key);
    await call("POST", pathOf(key, "/branch"), { message_id: answer?.id, label: "Gegenwärtig" });
    expect(await labelsOf("GEGENWART")).toEqual(["Gegenwärtig"]);
    expect(await labelsOf("renamed")).toEqual(["Gegenwärtig", "Présent"]);
    for (const { key } of (await search("renamed")).sessions) await call("DELETE", pathOf(key));
    expect((await search("renamed")).total).toBe(0);
  });

  test("counts what it found on full, partial and empty pages", async () => {
    for (const [limit, offset] of [
      [3, 0],
      [3, 3],
      [3, 6],
      [3, 9],
      [7, 0],
      [8, 0],
    ]) {
      const page = await search("scripted", `&limit=${limit}&offset=${offset}`);
      expect([page.total, page.sessions.length]).toEqual([
        LABELS.length,
        Math.max(0, Math.min(Number(limit), LABELS.length - Number(offset))),
      ]);
    }
  });

  test("stays within what the caller may see, and within the other filters", async () => {
    const moe = { ...(await aKey(gateway, ["write"])), user: "moe" };
    const key = await say("hello", "agent:scripted:of-moe", moe);
    await call("PATCH", pathOf(key), { label: "Don of Moe" }, moe);
    expect(await labelsOf("don", "", moe)).toEqual(["Don of Moe"]);
    expect(await labelsOf("don")).toEqual(["Don of Moe", LABELS[0]]);
    expect(await labelsOf("don", "&user_id=moe")).toEqual(["Don of Moe"]);
    expect(await labelsOf("don", "&agent_id=default")).toEqual([]);
    await aTenant(gateway, "elsewhere");
    expect((await search("", "", await aKey(gateway, ["admin"], { tenant: "elsewhere" }))).total).toBe(0);
    expect((await search("don", "", await aKey(gateway, ["admin"], { tenant: "elsewhere" }))).total).toBe(0);
  });

  test("is answered over a socket as well", async () => {
    const socket = await openSocket(gateway);
    const answer = await socket.call("sessions.list", { q: "quarter", limit: 1 });
    expect(answer).toMatchObject({ total: 1, sessions: [{ label: LABELS[1] }] });
    socket.socket.close();
  });
});
