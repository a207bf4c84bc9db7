import { afterAll, describe, expect, test } from "bun:test";
import { textOf, toolResultsOf } from "#runtime/transcript/message-parts.ts";
import { isOffered } from "#testing/is-offered.ts";
import type { ReplyFunction } from "#testing/model-server/model-reply.ts";
import { inShort, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;

describe.each([...testDialects()])("the loop on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect }, { max_tool_iterations: 10 });
  const { model, start, waitForEnd, transcriptOf } = gateway;
  afterAll(() => gateway.stop());
  /** Runs one message against a script. Returns the run, its transcript and the requests that the model received. */
  const play = async (reply: ReplyFunction, input = "go", options: object = {}) => {
    const before = model.requests.length;
    model.script(reply);
    const { id, session_key } = (await start(input, options)).body;
    const run = await waitForEnd(id);
    return { run, transcript: await transcriptOf(session_key), requests: model.requests.slice(before), session_key };
  };
  const write = (path: string, content = path) => ({
    toolCalls: [{ name: "write_file", arguments: { path, content } }],
  });

  test(
    "a model that always calls a tool gets the maximum number of model calls, the last one without tools",
    async () => {
      let calls = 0;
      const { run, requests } = await play(({ body }) =>
        isOffered(body) ? write(`f${++calls}.txt`) : { text: "enough" },
      );
      expect(run).toMatchObject({ status: "completed", output: "enough" });
      expect(requests).toHaveLength(10);
      expect(requests.map(({ body }) => isOffered(body))).toEqual([...Array(9).fill(true), false]);
    },
    TIMEOUT,
  );

  test(
    "the model gets one note at 70 % and one at its last turn, and each note keeps its place",
    async () => {
      let calls = 0;
      const { requests, transcript } = await play(({ body }) =>
        isOffered(body) ? write(`g${++calls}.txt`) : { text: "enough" },
      );
      const nudged = transcript.filter(({ role }) => role === "system").map(({ parts }) => textOf(parts));
      expect(nudged.map((text) => text.slice(0, 28))).toEqual([
        "You have used 7 of 10 turns.",
        "This is your last turn and i",
      ]);
      const notesIn = (index: number) =>
        requests[index]?.messages.filter(({ text }) => text.includes("[System]")).length;
      expect([6, 7, 8, 9].map(notesIn)).toEqual([0, 1, 1, 2]);
    },
    TIMEOUT,
  );

  test(
    "a repeated call with the same result leads to a warning at the third time and is stopped at the fifth",
    async () => {
      const same = { toolCalls: [{ name: "write_file", arguments: { path: "a", content: "b" } }] };
      const { run, requests, transcript } = await play(({ body }) => (isOffered(body) ? same : { text: "stopped" }));
      expect(run).toMatchObject({ status: "completed", output: "stopped" });
      expect(requests).toHaveLength(6);
      const notes = transcript.flatMap(({ role, parts }, index) =>
        role === "system" ? [`${index} ${textOf(parts)}`] : [],
      );
      expect(notes[0]).toStartWith("7 You repeat yourself");
      expect(notes[1]).toStartWith("12 You go round in circles");
      expect(notes).toHaveLength(2);
    },
    TIMEOUT,
  );

  test(
    "truncated arguments make the model send the call again",
    async () => {
      const replies = [
        { toolCalls: [{ name: "write_file", arguments: '{"path": "x", "con' }] },
        write("x"),
        { text: "ok" },
      ];
      const { run, requests } = await play(() => replies.shift() ?? { text: "more" });
      expect(run).toMatchObject({ status: "completed", output: "ok" });
      const results = requests[1]?.toolResults.join(" ");
      expect(results).toContain("not valid JSON");
      expect(results).toContain("with less in it at a time");
    },
    TIMEOUT,
  );

  test(
    "truncated arguments three times in a row fail the run",
    async () => {
      const broken = { toolCalls: [{ name: "write_file", arguments: '{"path": "x", "con' }] };
      const { run, requests, transcript } = await play(() => broken);
      expect(run).toMatchObject({ status: "failed", error: { details: { reason: "invalid_tool_arguments" } } });
      expect(requests).toHaveLength(3);
      expect(transcript.flatMap(({ parts }) => toolResultsOf(parts))).toHaveLength(3);
    },
    TIMEOUT,
  );

  test(
    "a run never exceeds its limit of tool calls, not even in one turn, and then answers",
    async () => {
      await gateway.call("PUT", "/v1/agents/scripted", { other_config: { max_tool_calls: 3 } });
      const four = [1, 2, 3, 4].map((n) => ({ name: "write_file", arguments: { path: `m${n}.txt`, content: "x" } }));
      const { run, requests, transcript } = await play(({ body }) =>
        isOffered(body) ? { toolCalls: four } : { text: "done" },
      );
      await gateway.call("PUT", "/v1/agents/scripted", { other_config: {} });
      expect(run).toMatchObject({ status: "completed", output: "done" });
      expect(requests).toHaveLength(2);
      const results = transcript.flatMap(({ parts }) => toolResultsOf(parts));
      expect(results.map(({ is_error }) => is_error)).toEqual([false, false, false, true]);
      expect(results[3]?.text).toContain("not executed");
    },
    TIMEOUT,
  );

  test.each([
    ["NO_REPLY", ""],
    ["**no_reply**", ""],
    ["NO_REPLY - nothing to add", ""],
    ["NO_REPLYING is not silence", "NO_REPLYING is not silence"],
  ])(
    "the answer %j is returned as %j",
    async (text, output) => {
      const { run, transcript, session_key } = await play(() => ({ text }));
      expect(run.output).toBe(output);
      expect(inShort(transcript)).toEqual(["user: go", `assistant: ${text}`]);
      const { messages } = (await gateway.call("GET", `/v1/sessions/${encodeURIComponent(session_key)}/messages`)).body;
      expect(messages).toHaveLength(output === "" ? 1 : 2);
      const woken = await gateway.call("POST", "/v1/agents/scripted/wake", { message: "hi" });
      expect(woken.body.content).toBe(output);
    },
    TIMEOUT,
  );

  test(
    "a chat client receives the silent reply unchanged",
    async () => {
      model.script(() => ({ text: "NO_REPLY" }));
      const body = { model: "goclaw:scripted", messages: [{ role: "user", content: "hi" }] };
      const { choices } = (await gateway.call("POST", "/v1/chat/completions", body)).body;
      expect(choices[0].message.content).toBe("NO_REPLY");
    },
    TIMEOUT,
  );
});
