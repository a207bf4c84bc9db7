import { Database as BunDatabase } from "bun:sqlite";
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { notFound } from "#base/errors.ts";
import { createSqlRunner, isReadStatement, toQueryHandle } from "#db/dialects/sqlite/connection.ts";
import { FileIdentity } from "#db/dialects/sqlite/file-identity.ts";
import { LogCheckpoints } from "#db/dialects/sqlite/log-checkpoints.ts";
import { WalSync } from "#db/dialects/sqlite/wal-sync.ts";
import { WriteQueue } from "#db/dialects/sqlite/write-queue.ts";
import type { QueryHandle } from "#db/tenant-queries.ts";

const directory = mkdtempSync(join(tmpdir(), "goclaw-queue-"));
afterAll(() => rmSync(directory, { recursive: true }));

function openQueue(name: string) {
  const path = join(directory, name);
  const database = new BunDatabase(path, { create: true });
  database.run("PRAGMA journal_mode = WAL");
  database.run("create table notes (body text)");
  const runner = createSqlRunner(database);
  const handle = toQueryHandle(runner, { rest: () => queue.rest() });
  const sync = new WalSync(path);
  const file = new FileIdentity(path);
  const log = { file, sync, checkpoints: new LogCheckpoints(file) };
  const queue = new WriteQueue(database, runner, handle, log);
  const bodies = () => database.query<{ body: string }, []>("select body from notes").all();
  return { database, runner, queue, sync, bodies };
}

const note = (body: string) => async (queries: QueryHandle) => {
  await queries.change("insert into notes values (?)", [body]);
  return body;
};

test("commitEarly resolves at the commit, and `durable` when the value is on the disk", async () => {
  const { queue, bodies } = openQueue("ahead.db");
  const log: string[] = [];
  const early = queue.commitEarly(note("one")).then(async ({ value, durable }) => {
    log.push(`${value} committed`);
    expect(bodies()).toContainEqual({ body: "one" });
    await durable;
    log.push(`${value} durable`);
  });
  await Promise.all([early, queue.run(note("two")).then((value) => log.push(`${value} durable`))]);
  expect(log[0]).toBe("one committed");
  expect(log.toSorted()).toEqual(["one committed", "one durable", "two durable"]);
  await queue.drain();
});

test("a failing disk rejects early and normal commits alike", async () => {
  const { queue, sync } = openQueue("broken.db");
  sync.close();
  const early = await queue.commitEarly(note("one"));
  expect(early.value).toBe("one");
  await expect(early.durable).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(queue.run(note("two"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await queue.drain();
});

test("a failing unit rejects its early commit and does not affect other units", async () => {
  const { queue, bodies } = openQueue("failing.db");
  const failing = queue.commitEarly(async (queries) => {
    await note("lost")(queries);
    throw new Error("changed my mind");
  });
  const outcomes = await Promise.allSettled([failing, queue.commitEarly(note("kept"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "kept" }]);
});

test("a refusal before the first write affects no other unit of its batch", async () => {
  const { queue, bodies } = openQueue("refused.db");
  const runs: string[] = [];
  const counted = (name: string) => async (queries: QueryHandle) => {
    runs.push(name);
    return note(name)(queries);
  };
  const refused = async (queries: QueryHandle) => {
    runs.push("refused");
    await queries.run("select body from notes", []);
    throw notFound("thing", "x");
  };
  const outcomes = await Promise.allSettled([queue.run(counted("one")), queue.run(refused), queue.run(counted("two"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(outcomes[1]).toMatchObject({ reason: { code: "NOT_FOUND" } });
  expect(runs).toEqual(["one", "refused", "two"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("a row that its table refuses affects no other unit of its batch", async () => {
  const { database, queue, bodies } = openQueue("constraint.db");
  database.run("create unique index notes_body on notes (body)");
  await queue.run(note("known"));
  let runs = 0;
  const counted = async (queries: QueryHandle) => {
    runs++;
    return note("other")(queries);
  };
  const outcomes = await Promise.allSettled([queue.run(counted), queue.run(note("known"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect([runs, bodies().length]).toEqual([1, 2]);
  await queue.drain();
});

test("a refusal after a write is taken back with the write, and the others run again without it", async () => {
  const { queue, bodies } = openQueue("refused-late.db");
  const late = async (queries: QueryHandle) => {
    await note("late")(queries);
    throw notFound("thing", "x");
  };
  const outcomes = await Promise.allSettled([queue.run(note("one")), queue.run(late), queue.run(note("two"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("only a batch that stored something proves that the disk takes more", async () => {
  const { queue } = openQueue("proof.db");
  await queue.run(() => Promise.reject(notFound("thing", "x"))).catch(() => {});
  expect(queue.storedAt).toBe(Number.NEGATIVE_INFINITY);
  const begun = performance.now();
  await Promise.allSettled([queue.run(() => Promise.reject(notFound("thing", "x"))), queue.run(note("one"))]);
  expect(queue.storedAt).toBeGreaterThanOrEqual(begun);
  await queue.drain();
});

test("a refusal in a unit that is alone leaves nothing behind", async () => {
  const { queue, bodies } = openQueue("refused-alone.db");
  await expect(queue.run(() => Promise.reject(notFound("thing", "x")))).rejects.toMatchObject({ code: "NOT_FOUND" });
  await queue.run(note("next"));
  await queue.drain();
  expect(bodies()).toEqual([{ body: "next" }]);
});

test("a unit that is alone and fails runs once, and leaves nothing behind", async () => {
  const { queue, bodies } = openQueue("alone.db");
  let runs = 0;
  const failing = queue.run(async (queries) => {
    runs++;
    await note("lost")(queries);
    throw new Error("changed my mind");
  });
  await expect(failing).rejects.toThrow("changed my mind");
  await queue.run(note("next"));
  await queue.drain();
  expect([runs, bodies()]).toEqual([1, [{ body: "next" }]]);
});

test("a database that is full refuses the units that find no room, runs none of them again, and recovers", async () => {
  const { database, queue, bodies } = openQueue("full.db");
  const pages = database.query<{ page_count: number }, []>("PRAGMA page_count").get()?.page_count ?? 0;
  database.run(`PRAGMA max_page_count = ${pages + 2}`);
  const runs: string[] = [];
  const counted = (name: string, body: string) => async (queries: QueryHandle) => {
    runs.push(name);
    return note(body)(queries);
  };
  const outcomes = await Promise.allSettled([
    queue.run(counted("small", "small")),
    queue.run(counted("large", "x".repeat(1_000_000))),
  ]);
  const refused = { status: "rejected", reason: { code: "UNAVAILABLE" } };
  expect(outcomes).toMatchObject([refused, refused]);
  expect(runs).toEqual(["small", "large"]);
  await queue.run(note("next"));
  await queue.drain();
  expect(bodies()).toEqual([{ body: "next" }]);
});

test("a refusal after a write behind a with clause is taken back too", async () => {
  const { queue, bodies } = openQueue("with.db");
  const late = async (queries: QueryHandle) => {
    await queries.change("with body as (select 'late' as text) insert into notes select text from body", []);
    throw notFound("thing", "x");
  };
  const outcomes = await Promise.allSettled([queue.run(note("one")), queue.run(late), queue.run(note("two"))]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await queue.drain();
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("more units than one transaction takes all get through, in order", async () => {
  const { queue, bodies } = openQueue("many.db");
  const names = Array.from({ length: 300 }, (_, index) => `unit ${index}`);
  expect(await Promise.all(names.map((name) => queue.run(note(name))))).toEqual(names);
  await queue.drain();
  expect(bodies().map(({ body }) => body)).toEqual(names);
});

test("units that wait together share a transaction, and units of one that failed run apart", async () => {
  const { queue, bodies } = openQueue("apart.db");
  const runs: string[] = [];
  const counted = (name: string) => async (queries: QueryHandle) => {
    runs.push(name);
    return note(name)(queries);
  };
  const failing = async (queries: QueryHandle) => {
    await counted("failing")(queries);
    throw new Error("no");
  };
  const outcomes = await Promise.allSettled([
    queue.run(counted("one")),
    queue.run(failing),
    queue.commitEarly(counted("two")),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  await queue.drain();
  expect(runs).toEqual(["one", "failing", "one", "failing", "two"]);
  expect(bodies()).toEqual([{ body: "one" }, { body: "two" }]);
});

test("units that run apart fail together if their transaction ends, and the queue works on", async () => {
  const { queue, bodies } = openQueue("ended.db");
  const failing = async (queries: QueryHandle) => {
    await note("failing")(queries);
    throw new Error("no");
  };
  let runs = 0;
  const ending = async (queries: QueryHandle) => {
    await note("ending")(queries);
    if (++runs === 1) return;
    // SQLite does the same by itself if the disk fails.
    await queries.change("rollback", []);
    throw new Error("the disk is gone");
  };
  const outcomes = await Promise.allSettled([queue.run(ending), queue.run(note("one")), queue.run(failing)]);
  const lost = { status: "rejected", reason: new Error("the disk is gone") };
  expect(outcomes).toMatchObject([lost, lost, lost]);
  await queue.run(note("next"));
  await queue.drain();
  expect(bodies()).toEqual([{ body: "next" }]);
});

test("statements that were forgotten for many others run again", async () => {
  const { runner } = openQueue("statements.db");
  for (let number = 0; number < 1_200; number++) {
    expect(runner.rows(`select ${number} as number`, [])).toEqual([{ number }]);
  }
  expect(runner.rows("select 0 as number", [])).toEqual([{ number: 0 }]);
  expect(runner.writes).toBe(0);
  expect(runner.change("insert into notes values ('a'), ('b')", [])).toBe(2);
  expect(runner.writes).toBe(1);
  expect([runner.returnsRows("select 1"), runner.returnsRows("delete from notes")]).toEqual([true, false]);
});

test.each([
  ["select * from notes", true],
  ["  SELECT 1", true],
  ["with a as (select 1) select * from a", true],
  ["with a as (select 1) delete from notes", false],
  ["with a as (select 1) update notes set body = ''", false],
  ["with a as (select 1) insert  into notes values ('')", false],
  ["insert into notes select body from notes", false],
  ["selection", false],
  ["pragma user_version", false],
])("%s only reads: %p", (sql, isRead) => {
  expect(isReadStatement(sql)).toBe(isRead);
});

test("a unit that rests is whole, others have the event loop meanwhile, and further units come after it", async () => {
  const { database, queue, bodies } = openQueue("resting.db");
  const reader = new BunDatabase(database.filename, { readonly: true });
  const seen = () => reader.query("select body from notes").all().length;
  const log: string[] = [];
  const long = queue.run(async (queries) => {
    await note("one")(queries);
    setImmediate(() => log.push(`another turn, ${seen()} rows`));
    await queries.rest();
    await note("two")(queries);
    await queries.rest();
    log.push("the end");
    return note("three")(queries);
  });
  await Bun.sleep(0);
  const next = queue.run(note("four"));
  expect(await Promise.all([long, next])).toEqual(["three", "four"]);
  expect(log).toEqual(["another turn, 0 rows", "the end"]);
  await queue.drain();
  expect(bodies().map(({ body }) => body)).toEqual(["one", "two", "three", "four"]);
  reader.close();
});

test("a unit that has rested may still not await anything else", async () => {
  const { queue, bodies } = openQueue("tired.db");
  const tired = queue.run(async (queries) => {
    await queries.rest();
    await note("lost")(queries);
    await Bun.sleep(50);
  });
  await expect(tired).rejects.toThrow("awaited something other");
  await queue.run(note("next"));
  await queue.drain();
  expect(bodies()).toEqual([{ body: "next" }]);
});
