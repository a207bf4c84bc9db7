import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { newId, type TenantId, toTenantId } from "#base/ids.ts";
import { IN_PIECES, MESSAGE_COLUMNS } from "#db/messages/message-columns.ts";
import { deleteMessagesOfSession, selectMessagePath, selectPathOutline } from "#db/messages/message-path.ts";
import { openTestDatabase, testDialects } from "#testing/test-database.ts";

const TIME = "2026-01-02T03:04:05.000Z";

interface Told {
  readonly session?: string;
  readonly parent?: string | null;
  readonly depth?: number;
  readonly parts?: string;
  /** By their positions. The parts are stored in these if there are any. */
  readonly pieces?: readonly (readonly [position: number, piece: string])[];
}

describe.each([...testDialects()])("the messages of a session on %s", async (dialect) => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-path-"));
  const { database, dispose } = await openTestDatabase(dialect, home);
  await database.migrate(new Date(TIME));
  afterAll(async () => {
    await dispose();
    rmSync(home, { recursive: true });
  });
  const system = database.system("a test of messages");

  /** A tenant with an agent. Ids of its messages are the names that a test gives, and a suffix. */
  async function aTenant() {
    const [id, agent] = [toTenantId(newId()), newId()];
    const { read, write } = database.forTenant(id);
    await system.write(async (db) => {
      await sql`insert into tenants values (${id}, 'T', ${id}, 'active', '{}', 'x', 'x')`.execute(db);
      await sql`insert into agents values (${agent}, ${id}, 'a', 'o', 'p', 'm', 'active', 0, '{}', 'x', 'x')`.execute(
        db,
      );
    });
    const idOf = (name: string) => `${name} ${id}`;
    const nameOf = (message: string | null) => message?.split(" ")[0] ?? null;
    const tell = async (name: string, { session = "s", parent = null, depth = 0, parts, pieces = [] }: Told = {}) => {
      await write(async (queries) => {
        const row = {
          id: idOf(name),
          session_id: idOf(session),
          parent_id: parent === null ? null : idOf(parent),
          depth,
        };
        const texts = { role: "user", parts: parts ?? (pieces.length > 0 ? IN_PIECES : `["${name}"]`) };
        const more = { run_id: null, is_complete: 1 as const, refused: null, created_at: TIME };
        await queries.insertInto("messages", { ...row, ...texts, ...more }).execute();
        for (const [position, piece] of pieces) {
          await queries.insertInto("message_pieces", { message_id: idOf(name), position, piece }).execute();
        }
      });
    };
    const addSession = (name: string, head: string | null) =>
      system.write((db) =>
        sql`insert into sessions values (${idOf(name)}, ${id}, ${name}, ${agent}, 'u', 'http', '', '{}',
          ${head === null ? null : idOf(head)}, null, '', null, 0, 0, 0, 0, 0, 'x', 'x', 1, '')`.execute(db),
      );
    const forget = async (session: string) => {
      await write((queries) => deleteMessagesOfSession(queries, idOf(session)));
      const left = await read.selectFrom("messages").select("id").execute();
      return left.map((row) => nameOf(row.id)).toSorted();
    };
    const pathOf = async (head: string) => (await selectMessagePath(read, idOf(head))).map((row) => nameOf(row.id));
    const outlineOf = (head: string, word: string) => selectPathOutline(read, idOf(head), word);
    return { id, read, idOf, tell, addSession, forget, pathOf, outlineOf };
  }

  /** Stores a piece of another tenant for a message, which only a fault or an attack could do. */
  const addForeignPiece = (tenant: TenantId, message: string, position: number, piece: string) =>
    system.write((db) =>
      sql`insert into message_pieces values (${tenant}, ${message}, ${position}, ${piece})`.execute(db),
    );

  test("are those from the root to the head in order, without other branches", async () => {
    const { tell, pathOf, outlineOf } = await aTenant();
    await tell("second", { parent: "first", depth: 1 });
    await tell("third", { parent: "second", depth: 2 });
    await tell("branch", { parent: "first", depth: 1, session: "other" });
    await tell("first");
    expect(await pathOf("third")).toEqual(["first", "second", "third"]);
    expect(await pathOf("branch")).toEqual(["first", "branch"]);
    expect(await pathOf("first")).toEqual(["first"]);
    expect(await pathOf("nothing")).toEqual([]);
    expect((await outlineOf("third", "-")).map(({ id }) => id.split(" ")[0])).toEqual(["first", "second", "third"]);
    expect(await outlineOf("nothing", "-")).toEqual([]);
  });

  test("are those of their tenant alone", async () => {
    const [own, other] = [await aTenant(), await aTenant()];
    await own.tell("first");
    await own.tell("second", { parent: "first", depth: 1 });
    expect(await selectMessagePath(other.read, own.idOf("second"))).toEqual([]);
    expect(await selectPathOutline(other.read, own.idOf("second"), "first")).toEqual([]);
    await system.write((db) =>
      sql`update messages set tenant_id = ${other.id} where id = ${own.idOf("first")}`.execute(db),
    );
    expect(await own.pathOf("second")).toEqual(["second"]);
    expect(await own.outlineOf("second", "first")).toHaveLength(1);
  });

  test("have all their columns, with parts that were stored in pieces in the order of their positions", async () => {
    const { id, read, idOf, tell } = await aTenant();
    await tell("whole", { parts: '["Phở 🍜"]' });
    await tell("pieces", {
      parent: "whole",
      depth: 1,
      pieces: [
        [2, '"]'],
        [0, '["'],
        [1, "bún 🍲"],
        [10, " "],
      ],
    });
    await tell("empty", { parent: "pieces", depth: 2, parts: IN_PIECES });
    await addForeignPiece((await aTenant()).id, idOf("pieces"), 5, "foreign");
    const common = { tenant_id: id, session_id: idOf("s"), role: "user", run_id: null, is_complete: 1, refused: null };
    const expected = [
      { id: idOf("whole"), parent_id: null, depth: 0, parts: '["Phở 🍜"]' },
      { id: idOf("pieces"), parent_id: idOf("whole"), depth: 1, parts: '["bún 🍲"] ' },
      { id: idOf("empty"), parent_id: idOf("pieces"), depth: 2, parts: "" },
    ].map((row) => ({ ...common, created_at: TIME, ...row }));
    const path = await selectMessagePath(read, idOf("empty"));
    expect(path as unknown).toEqual(expected);
    const selected = await read.selectFrom("messages").select(MESSAGE_COLUMNS).orderBy("depth").execute();
    expect(selected as unknown).toEqual(expected);
  });

  test("have outlines with their size in bytes, and with parts that hold a word in any case", async () => {
    const { idOf, tell, outlineOf } = await aTenant();
    await tell("one", { parts: '["MEDIA 🍜"]' });
    await tell("two", { parent: "one", depth: 1, parts: '["phở"]' });
    await tell("three", {
      parent: "two",
      depth: 2,
      pieces: [
        [0, '["media '],
        [1, '🍜"]'],
      ],
    });
    await addForeignPiece((await aTenant()).id, idOf("three"), 5, "media");
    const outline = (word: string) =>
      outlineOf("three", word).then((rows) => rows.map((row) => ({ ...row, bytes: Number(row.bytes) })));
    const common = { role: "user", run_id: null };
    const outlines = [
      { ...common, id: idOf("one"), bytes: 14, parts: null },
      { ...common, id: idOf("two"), bytes: 9, parts: null },
      { ...common, id: idOf("three"), bytes: 14, parts: null },
    ];
    expect(await outline("nowhere")).toEqual(outlines);
    for (const word of ["media", "Media"]) {
      const [first, ...others] = outlines;
      expect(await outline(word)).toEqual([{ ...first, parts: '["MEDIA 🍜"]' }, ...others] as never);
    }
    expect((await outline("phở")).map(({ parts }) => parts)).toEqual([null, '["phở"]', null]);
  });

  test("are all deleted with their session, and no others", async () => {
    const [own, other] = [await aTenant(), await aTenant()];
    for (const { tell } of [own, other]) {
      await tell("first");
      await tell("second", { parent: "first", depth: 1 });
      await tell("apart", { session: "other" });
    }
    expect(await own.forget("s")).toEqual(["apart"]);
    expect(await other.forget("nothing")).toEqual(["apart", "first", "second"]);
  });

  test("stay as far as branches of other sessions use them", async () => {
    const { tell, forget } = await aTenant();
    await tell("first");
    await tell("second", { parent: "first", depth: 1 });
    await tell("third", { parent: "second", depth: 2 });
    await tell("aside", { parent: "first", depth: 1 });
    await tell("branch", { parent: "second", depth: 2, session: "other" });
    expect(await forget("s")).toEqual(["branch", "first", "second"]);
    expect(await forget("other")).toEqual(["first", "second"]);
    expect(await forget("s")).toEqual([]);
  });

  test("stay as far as the head of a session is one of them", async () => {
    const { tell, forget, addSession } = await aTenant();
    await tell("first");
    await tell("second", { parent: "first", depth: 1 });
    await tell("third", { parent: "second", depth: 2 });
    await addSession("empty", null);
    await addSession("branch", "second");
    expect(await forget("s")).toEqual(["first", "second"]);
  });
});
