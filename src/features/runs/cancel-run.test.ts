import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { ownWorkspace } from "#testing/own-workspace.ts";
import { AGENT, inShort, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";
import { TEST_USER } from "#testing/test-gateway.ts";

const TIMEOUT = 30_000;
const CALLS = LIMITS.modelToolCalls;

describe.each([...testDialects()])("cancelling a run on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect });
  const { model, start, waitForEnd, eventsOf, runOf, transcriptOf } = gateway;
  afterAll(() => gateway.stop());
  const cancel = (id: string) => gateway.call("POST", `/v1/runs/${id}/cancel`);

  test(
    "a queued run ends at once, and its message does not enter the transcript",
    async () => {
      const [call, session_key] = [model.manual(), `agent:${AGENT}:cancel-queued`];
      const first = (await start("one", { session_key })).body;
      await call.arrived;
      const second = (await start("two", { session_key })).body;
      const third = (await start("three", { session_key })).body;

      expect((await cancel(second.id)).body.status).toBe("cancelled");
      expect((await eventsOf(second.id)).map(({ type }) => type)).toEqual(["run.queued", "run.cancelled"]);
      await call.send("1");
      await call.finish();
      expect(await waitForEnd(third.id)).toMatchObject({ status: "completed", output: "echo: three" });
      expect((await runOf(first.id)).output).toBe("1");
      expect(inShort(await transcriptOf(session_key))).toEqual([
        "user: one",
        "assistant: 1",
        "user: three",
        "assistant: echo: three",
      ]);
    },
    TIMEOUT,
  );

  test(
    "a streaming run ends with the text it wrote, and the model call is aborted",
    async () => {
      const call = model.manual();
      const { id, session_key } = (await start("go")).body;
      const request = await call.arrived;
      await call.send("half an ans");
      while ((await eventsOf(id)).at(-1)?.type !== "text.delta") await Bun.sleep(5);

      expect((await cancel(id)).status).toBe(200);
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled", output: "half an ans" });
      await call.aborted;
      expect(request.aborted).toBe(true);
      const transcript = await transcriptOf(session_key);
      expect(inShort(transcript)).toEqual(["user: go", "assistant: half an ans"]);
      expect(transcript.at(-1)?.is_complete).toBe(false);
      expect((await cancel(id)).body.error).toMatchObject({
        code: "FAILED_PRECONDITION",
        details: { reason: "run_ended" },
      });
    },
    TIMEOUT,
  );

  test(
    "a run that executes tools stops between two of them, and every call has a result",
    async () => {
      const path = `lines-${dialect}.txt`;
      const toolCalls = Array.from({ length: CALLS }, (_, index) => ({
        name: "write_file",
        arguments: { path, content: `${index}\n`, append: true },
      }));
      model.enqueue({ toolCalls });
      const { id, session_key, agent_id } = (await start("work")).body;
      while (!(await eventsOf(id)).some(({ type }) => type === "tool.result")) await Bun.sleep(2);

      await cancel(id);
      expect((await waitForEnd(id)).status).toBe("cancelled");
      const results = toolResultsOf((await transcriptOf(session_key)).at(-1)?.parts ?? []);
      expect(results).toHaveLength(CALLS);
      const done = results.filter(({ is_error }) => !is_error).length;
      expect(done).toBeLessThan(CALLS);
      expect(results.slice(done).every(({ text }) => text.includes("outcome unknown"))).toBe(true);
      const file = join(gateway.home, "workspace", MASTER_TENANT_ID, agent_id, ownWorkspace(TEST_USER), path);
      const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
      expect(lines).toEqual(Array.from({ length: done }, (_, index) => String(index)));
    },
    TIMEOUT,
  );

  test(
    "an attached run is cancelled when its client disconnects",
    async () => {
      const call = model.manual();
      const leaving = new AbortController();
      const answer = fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { ...gateway.headers, "Content-Type": "application/json" },
        body: JSON.stringify({ model: `goclaw:${AGENT}`, stream: true, messages: [{ role: "user", content: "hi" }] }),
        signal: leaving.signal,
        keepalive: false,
      });
      await call.arrived;
      await call.send("hel");
      const id = (await answer).headers.get("x-goclaw-run-id") ?? "";
      leaving.abort();
      await call.aborted;
      expect(await waitForEnd(id)).toMatchObject({ status: "cancelled", output: "hel" });
    },
    TIMEOUT,
  );
});
