import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { runEngine } from "#runtime/engine/run-engine.ts";
import { type RunEvent, START } from "#runtime/runs/run-events.ts";
import { startRunGateway } from "#testing/run-fixture.ts";
import { type ReadOptions, RunFollower } from "#testing/run-follower.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
const RUNS = 8;
const CUTS_PER_DIALECT = 250;
const ALPHABET = ["a", " ", "\n", '"', "\\", "é", "đ", "漢", "字", "😀", "👩‍👩‍👧", "🇻🇳", "\u2028"];

const below = (limit: number) => Math.floor(Math.random() * limit);

/** Returns text whose characters take one to four bytes in UTF-8, and entries of one to eight UTF-16 code units. */
const aText = (length: number) => Array.from({ length }, () => ALPHABET[below(ALPHABET.length)]).join("");

/** Splits a text at any position, including the middle of a surrogate pair. */
function toPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = from + 1 + below(40);
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

describe.each([...testDialects()])("following a run on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, headers, url, start, waitForEnd, eventsOf } = gateway;
  afterAll(() => gateway.stop());

  /** The texts of each run's three messages, keyed by its input. The first two messages also call a tool. */
  const written = new Map<string, readonly string[]>();
  model.script(({ messages, lastUserText }) => {
    const texts = written.get(lastUserText) ?? [aText(150), aText(20), aText(600)];
    written.set(lastUserText, texts);
    const turn = messages.filter(({ role }) => role === "assistant").length;
    const toolCalls = turn < 2 ? [{ name: "datetime", arguments: {} }] : [];
    return { reasoning: ["let ", "me ", "see"], text: toPieces(texts[turn] ?? ""), toolCalls, chunkDelayMs: 1 };
  });

  const readWithCuts = async (follower: RunFollower) => {
    while (!follower.isOver) {
      const cutAfter = Math.random() < 0.85 ? 1 + below(1_500) : 1 + below(60_000);
      const options: ReadOptions = { headers, cutAfter, via: Math.random() < 0.5 ? "header" : "query" };
      await follower.read(url, options);
      const text = follower.currentText;
      if (text !== undefined && Math.random() < 0.3) follower.rewind(below(text.length + 1));
    }
  };

  const expectWhole = (follower: RunFollower, name: string) => {
    expect(follower.problems).toEqual([]);
    expect([...follower.texts.values()]).toEqual([...(written.get(name) ?? [])]);
    expect(follower.events.map(({ seq }) => seq)).toEqual(follower.events.map((_, index) => index + 1));
    expect(follower.events.at(-1)?.type).toBe("run.completed");
  };

  test(
    "a stream that is cut repeatedly at any position has no gaps and no duplicates",
    async () => {
      let cuts = 0;
      for (let round = 1; cuts < CUTS_PER_DIALECT; round++) {
        const names = Array.from({ length: RUNS }, (_, index) => `cut ${round}.${index}`);
        const followers = names.map(async (name) => {
          const follower = new RunFollower((await start(name)).body.id);
          await readWithCuts(follower);
          expectWhole(follower, name);
          return follower.cuts;
        });
        cuts += (await Promise.all(followers)).reduce((sum, count) => sum + count, 0);
      }
    },
    TIMEOUT,
  );

  test(
    "a follower that connects after the end reads the same events, and each message in one piece",
    async () => {
      const { id } = (await start("late")).body;
      await waitForEnd(id);
      const [whole, cut] = [new RunFollower(id), new RunFollower(id)];
      await Promise.all([whole.read(url, { headers }), readWithCuts(cut)]);
      expectWhole(whole, "late");
      expectWhole(cut, "late");
      expect(whole.deltas).toBe(3);
      expect(cut.events).toEqual(whole.events);
      const stored = (await eventsOf(id)).filter(({ type }) => !type.endsWith(".delta"));
      expect(stored).toEqual(whole.events);
    },
    TIMEOUT,
  );

  test(
    "a follower that connects in the middle reads the old events and the new ones",
    async () => {
      const call = model.manual();
      const { id } = (await start("middle")).body;
      await call.arrived;
      await call.send("before ");
      while (!(await eventsOf(id)).some(({ type }) => type === "text.delta")) await Bun.sleep(5);
      const follower = new RunFollower(id);
      const reading = follower.read(url, { headers });
      while (follower.deltas === 0) await Bun.sleep(5);
      await call.send("and after");
      await call.finish();
      await reading;
      expect(follower.problems).toEqual([]);
      expect([...follower.texts.values()]).toEqual(["before and after"]);
    },
    TIMEOUT,
  );

  test(
    "a slow reader receives the text that it has not read yet in one piece",
    async () => {
      const call = model.manual();
      const { id } = (await start("slow")).body;
      const db = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
      const events = gateway.gateway.services.use(runEngine).follow(db, id, START, new AbortController().signal);
      await call.arrived;
      await call.send("first");
      const take = async (): Promise<RunEvent | undefined> => (await events.next()).value?.event;
      for (let event = await take(); event?.type !== "text.delta"; event = await take()) {}

      const pieces = Array.from({ length: 50 }, (_, index) => ` ${index}`);
      for (const piece of pieces) await call.send(piece);
      while ((await eventsOf(id)).at(-1)?.text !== `first${pieces.join("")}`) await Bun.sleep(5);
      expect(await take()).toMatchObject({ type: "text.delta", offset: 5, text: pieces.join("") });
      await call.finish();
      expect((await take())?.type).toBe("message.completed");
    },
    TIMEOUT,
  );

  test(
    "a reader that pauses does not delay the run and misses nothing",
    async () => {
      const text = aText(200_000);
      const size = Math.ceil(text.length / 8);
      model.enqueue({ text: Array.from({ length: 8 }, (_, index) => text.slice(index * size, (index + 1) * size)) });
      const { id } = (await start("stopped")).body;
      const slow = new RunFollower(id);
      const reading = slow.read(url, { headers, pauseMs: 20 });
      await waitForEnd(id);
      await reading;
      expect(slow.problems).toEqual([]);
      expect(slow.isOver).toBe(true);
      expect([...slow.texts.values()]).toEqual([text]);
    },
    TIMEOUT,
  );

  test(
    "an invalid cursor is refused",
    async () => {
      const { id } = (await start("refused")).body;
      const answer = await gateway.call("GET", `/v1/runs/${id}/events?after=-1`);
      expect([answer.status, answer.body.error.code]).toEqual([400, "INVALID_REQUEST"]);
    },
    TIMEOUT,
  );
});
