import {
  type CommandArgument,
  defineCommand,
  fields,
  PAGE,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";

const RUN: CommandArgument = { name: "run", field: "id", help: "its id" };

/** `runs follow` is not here, because it shows a stream. */
export const runs: Resource = {
  name: "runs",
  summary: "start, follow and stop runs",
  commands: [
    defineCommand("runs.list", {
      name: "list",
      summary: "list runs, the newest first",
      example: "goclaw runs list --agent default --status failed",
      options: [
        { flags: "--agent <agent>", field: "agent_id", help: "only those of an agent" },
        { flags: "--session <session>", field: "session_key", help: "only those of a session" },
        { flags: "--status <status>", field: "status", help: "only those in a state, such as running or failed" },
        { flags: "--of <user>", field: "user_id", help: "for administrators: only those of a user" },
        ...PAGE,
      ],
      show: table((answer) => answer.runs, {
        id: (run) => run.id,
        empty: "There are no such runs.",
        columns: [
          { title: "RUN", isKey: true, value: (run) => run.id },
          { title: "AGENT", value: (run) => run.agent_key },
          { title: "STATUS", kind: "status", value: (run) => run.status },
          { title: "INPUT", value: (run) => run.input_preview },
          { title: "TOKENS", isExtra: true, value: ({ usage }) => usage.input_tokens + usage.output_tokens },
          { title: "COST", isExtra: true, kind: "cost", value: (run) => run.cost },
          { title: "BEGUN", kind: "age", value: (run) => run.created_at },
        ],
      }),
    }),
    defineCommand("runs.get", {
      name: "get",
      summary: "show a run",
      example: "goclaw runs get 0199c0de-0000-7000-8000-000000000001",
      arguments: [RUN],
      show: fields((run) => run.id),
    }),
    defineCommand("runs.start", {
      name: "start",
      summary: "start a run and leave it to itself",
      example: "goclaw runs start default Summarise the news --session agent:default:http:direct:0199",
      arguments: [
        { name: "agent", field: "id", help: "key or id of the agent" },
        { name: "message", field: "input", help: "what to do", rest: "text" },
      ],
      options: [{ flags: "--session <session>", field: "session_key", help: "the session to continue" }],
      show: fields(
        (run) => run.id,
        ({ id, agent_key, session_key, status }) => ({ id, agent_key, session_key, status }),
      ),
    }),
    defineCommand("runs.cancel", {
      name: "cancel",
      summary: "stop a run",
      example: "goclaw runs cancel 0199c0de-0000-7000-8000-000000000001",
      arguments: [RUN],
      show: sentence(({ status }, { id }) => `The run ${id} is ${status}.`),
    }),
    defineCommand("runs.repeat", {
      name: "repeat",
      summary: "run the same input again",
      example: "goclaw runs repeat 0199c0de-0000-7000-8000-000000000001",
      arguments: [RUN],
      show: fields(
        (run) => run.id,
        ({ id, agent_key, session_key, status }) => ({ id, agent_key, session_key, status }),
      ),
    }),
  ],
};
