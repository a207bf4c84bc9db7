import { afterAll, describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { toolResultsOf } from "#runtime/transcript/message-parts.ts";
import type { ModelReply, ReplyFunction } from "#testing/model-server.ts";
import { AGENT, startRunGateway } from "#testing/run-fixture.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 30_000;
const FS = ["edit", "list_files", "read_file", "send_file", "write_file"];
const SESSIONS = ["session_status", "sessions_history", "sessions_list", "sessions_send", "spawn"];
const WEB = ["web_fetch", "web_search"];
/** The gateway's own skills can be listed, so they need no search. */
const SKILLS = ["use_skill"];
const MEMORY = ["memory_get", "memory_search", "memory_write"];
const MEDIA = ["read_audio", "read_document", "read_image"];
const ALL = ["datetime", ...FS, ...MEDIA, ...SESSIONS, ...SKILLS, ...MEMORY, ...WEB];

describe.each([...testDialects()])("the tools of an agent on %s", async (dialect) => {
  const gateway = await startRunGateway({ dialect, env: { GOCLAW_TOOLS_DENY: "session_status" } });
  const { model, call } = gateway;
  afterAll(() => gateway.stop());
  const configure = async (tools_config: object) =>
    expect((await call("PUT", `/v1/agents/${AGENT}`, { tools_config })).status).toBe(200);
  const switchTool = async (name: string, enabled: boolean) =>
    expect((await call("PUT", `/v1/tools/builtin/${name}`, { enabled })).status).toBe(200);
  /** Plays a run. Returns the tools of its last model call and the results of its tool calls. */
  const play = async (...replies: readonly (ModelReply | ReplyFunction)[]) => {
    model.enqueue(...replies);
    const { status, body } = await call("POST", `/v1/agents/${AGENT}/wake`, { message: "go" });
    expect(status).toBe(200);
    const { tools = [] } = model.requests.at(-1)?.body ?? {};
    const offered = tools.map((tool: { function: { name: string } }) => tool.function.name).sort();
    const results = (await gateway.transcriptOf(body.session_key)).flatMap(({ parts }) => toolResultsOf(parts));
    return { offered, results, runId: body.run_id as string };
  };
  const callsOf = (runId: string) => {
    const { read } = gateway.gateway.database.forTenant(MASTER_TENANT_ID);
    return read.selectFrom("tool_calls").selectAll().where("run_id", "=", runId).orderBy("position").execute();
  };
  const calling = (...names: readonly string[]): ModelReply => ({
    toolCalls: names.map((name) => ({ name, arguments: { path: "new.txt", content: "new" } })),
  });

  test.each([
    [{}, ALL],
    [{ profile: "coding" }, [...FS, ...MEDIA, ...MEMORY, ...SESSIONS, ...SKILLS, ...WEB]],
    [{ profile: "messaging" }, [...MEDIA, ...SESSIONS.filter((name) => name !== "spawn"), ...SKILLS, ...WEB]],
    [{ profile: "minimal", alsoAllow: ["group:web", "datetime"] }, ["datetime", ...WEB]],
    [{ allow: ["group:fs", "web_fetch"] }, [...FS, "web_fetch"]],
    [
      { deny: ["group:sessions", "write_file", "edit_file"] },
      ["datetime", "list_files", "read_file", "send_file", ...MEDIA, ...MEMORY, ...SKILLS, ...WEB],
    ],
    [
      { deny: ["group:fs"], alsoAllow: ["read_file"] },
      ["datetime", "read_file", ...MEDIA, ...MEMORY, ...SESSIONS, ...SKILLS, ...WEB],
    ],
    [{ profile: "full", allow: ["session_status", "datetime"], alsoAllow: ["session_status"] }, ["datetime"]],
    [{ byProvider: { [AGENT]: { allow: ["datetime"] }, another: { allow: ["edit"] } } }, ["datetime"]],
    [{ deny: ["group:goclaw"] }, []],
  ])(
    "with %j are these, without those that the operator denies",
    async (tools_config, expected) => {
      await configure(tools_config);
      const { offered } = await play({ text: "fine" });
      expect(offered).toEqual(expected.filter((name) => name !== "session_status").sort());
    },
    TIMEOUT,
  );

  test(
    "are the only ones that it can call, and a call of another tool has no effect and does not end the run",
    async () => {
      await configure({ deny: ["write_file"] });
      await switchTool("web_fetch", false);
      const names = ["write_file", "web_fetch", "session_status", "exec", "bash", "no_such_tool"];
      const { offered, results, runId } = await play(calling(...names), { text: "well then" });
      expect(offered).toEqual(ALL.filter((name) => !names.includes(name)).sort());
      expect(results.map(({ text, is_error }) => [text, is_error])).toEqual(
        names.map((name) => [expect.stringContaining(`There is no tool named ${name}.`), true]),
      );
      const { results: read } = await play(calling("read_file"), { text: "nothing" });
      expect(read[0]?.text).toBe('There is no "new.txt" in the workspace.');
      expect((await call("GET", `/v1/runs/${runId}`)).body).toMatchObject({ status: "completed", output: "well then" });
      await switchTool("web_fetch", true);
    },
    TIMEOUT,
  );

  test(
    "can be switched off during a run, and then a call of them is not executed",
    async () => {
      await configure({});
      const { results } = await play(
        async () => {
          await switchTool("write_file", false);
          return calling("write_file");
        },
        { text: "well then" },
      );
      expect(results).toMatchObject([{ text: "There is no tool named write_file.", is_error: true }]);
      await switchTool("write_file", true);
    },
    TIMEOUT,
  );

  test(
    "can be called by their aliases, and are stored with the name and the effect of the actual tool",
    async () => {
      await configure({});
      const edit = { path: "a.txt", old_string: "1", new_string: "2" };
      const { results, runId } = await play(
        {
          toolCalls: [
            { name: "write_file", arguments: { path: "a.txt", content: "1" } },
            { name: "edit_file", arguments: edit },
            { name: "read_file", arguments: { path: "a.txt" } },
          ],
        },
        { text: "done" },
      );
      expect(results[1]).toMatchObject({ name: "edit", text: "Replaced 1 occurrence in a.txt", is_error: false });
      expect(results[2]?.text).toBe("2");
      expect((await callsOf(runId)).map(({ name, effect, state }) => [name, effect, state])).toEqual([
        ["write_file", "idempotent", "done"],
        ["edit", "once", "done"],
        ["read_file", "read", "done"],
      ]);
    },
    TIMEOUT,
  );
});
