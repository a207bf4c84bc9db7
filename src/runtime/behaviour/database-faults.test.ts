import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { randomHex } from "#base/random-hex.ts";
import { FAULTS, startFaultyGateway } from "#testing/database-faults.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { AGENT, type RunAnswer } from "#testing/run-fixture.ts";
import { RunFollower } from "#testing/run-follower.ts";
import { readChatStream } from "#testing/streams/read-chat-stream.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;
/** Longer than any call waits for the database. */
const FAULT_MS = 2_500;

describe.each([...testDialects()])("a run on %s", async (dialect) => {
  const gateway = await startFaultyGateway(dialect);
  const { model, call, headers, url } = gateway;
  afterAll(() => gateway.stop());
  /** Starts a run as soon as the database is back from the fault before. */
  const start = async (input: string): Promise<RunAnswer> => {
    const options = { headers: { "Idempotency-Key": randomHex(8) } };
    for (;;) {
      const { status, body } = await call("POST", `/v1/agents/${AGENT}/runs`, { input }, options);
      if (status === 202) return body;
      await Bun.sleep(20);
    }
  };
  const deathsOf = async (id: string) =>
    gateway.gateway.database
      .forTenant(MASTER_TENANT_ID)
      .read.selectFrom("runs")
      .select(["deaths", "attempt"])
      .where("id", "=", id)
      .executeTakeFirst();
  const endOf = async (id: string) => {
    for (;;) {
      const { status, body } = await call("GET", `/v1/runs/${id}`);
      if (status === 200 && ["completed", "failed", "cancelled"].includes(body.status)) return body;
      await Bun.sleep(50);
    }
  };

  describe.each(FAULTS[dialect])("through %s of its database", (name) => {
    const fault = gateway.faultOf(name);
    const failFor = async (milliseconds: number) => {
      await fault.begin();
      await Bun.sleep(milliseconds);
      await fault.end();
    };

    test(
      "keeps the answer that it has, calls the model once and counts no death",
      async () => {
        const before = model.requests.length;
        const answer = model.manual();
        const { id } = await start("hello");
        await answer.arrived;
        const failing = failFor(FAULT_MS);
        await answer.send("well");
        await answer.finish();
        await failing;
        expect(await endOf(id)).toMatchObject({ status: "completed", output: "well" });
        expect([model.requests.length - before, await deathsOf(id)]).toEqual([1, { deaths: 0, attempt: 1 }]);
      },
      TIMEOUT,
    );

    test(
      "survives one fault in each of its steps, with each tool called once",
      async () => {
        let turns = 0;
        let failing: Promise<void> | undefined;
        const path = `notes-${dialect}-${name.replaceAll(" ", "-")}.txt`;
        model.script(() => {
          failing = failFor(800);
          turns++;
          if (turns > 4) return { text: "done" };
          return {
            text: "",
            toolCalls: [{ name: "write_file", arguments: { path, content: `line ${turns}\n`, append: true } }],
          };
        });
        const { id } = await start("write");
        const run = await endOf(id);
        await failing;
        expect([run.status, run.error, turns]).toEqual(["completed", undefined, 5]);
        expect(await deathsOf(id)).toMatchObject({ deaths: 0 });
        const file = join(gateway.home, "workspace", MASTER_TENANT_ID, run.agent_id, ownWorkspace("ada"), path);
        expect(readFileSync(file, "utf8")).toBe("line 1\nline 2\nline 3\nline 4\n");
      },
      TIMEOUT,
    );

    test(
      "answers its waiting caller, streamed and whole, and the followers of its events",
      async () => {
        const [first, second, third] = [model.manual(), model.manual(), model.manual()];
        const chat = (stream: boolean) =>
          fetch(`${url}/v1/chat/completions`, {
            method: "POST",
            headers: { ...headers, "Content-Type": "application/json" },
            body: JSON.stringify({ model: `goclaw:${AGENT}`, stream, messages: [{ role: "user", content: "hi" }] }),
          });
        const whole = chat(false).then((response) => response.json());
        await first.arrived;
        const streamed = chat(true).then(readChatStream);
        await second.arrived;
        const { id } = await start("hello");
        await third.arrived;
        const follower = new RunFollower(id);
        const following = follower.read(url, { headers });
        await Bun.sleep(100);
        const failing = failFor(FAULT_MS);
        for (const answer of [first, second, third]) {
          await answer.send("well");
          await answer.finish();
        }
        await failing;
        expect(await whole).toMatchObject({ choices: [{ message: { content: "well" } }] });
        expect(await streamed).toMatchObject({ isDone: true, text: "well" });
        await following;
        expect([follower.isOver, follower.problems, [...follower.texts.values()]]).toEqual([true, [], ["well"]]);
      },
      TIMEOUT,
    );
  });
});
