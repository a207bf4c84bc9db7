import { defineCommand, PAGE, type Resource, table } from "#cli/resources/resource-command.ts";

export const traces: Resource = {
  name: "traces",
  summary: "see what runs did and what it cost",
  commands: [
    defineCommand("traces.list", {
      name: "list",
      summary: "list traces, the newest first",
      example: "goclaw traces list --agent default --search invoice",
      options: [
        { flags: "--agent <agent>", field: "agent_id", help: "only those of an agent" },
        { flags: "--session <session>", field: "session_key", help: "only those of a session" },
        { flags: "--status <status>", field: "status", help: "running, completed, error or cancelled" },
        { flags: "--search <text>", field: "q", help: "a text in the input or the output" },
        { flags: "--from <time>", field: "from", help: "begun at this time or later" },
        { flags: "--to <time>", field: "to", help: "begun before this time" },
        ...PAGE,
      ],
      show: table((answer) => answer.traces, {
        id: (trace) => trace.id,
        empty: "There are no such traces.",
        columns: [
          { title: "TRACE", isKey: true, value: (trace) => trace.id },
          { title: "NAME", value: (trace) => trace.name },
          { title: "STATUS", kind: "status", value: (trace) => trace.status },
          { title: "TOOLS", isExtra: true, value: (trace) => trace.tool_call_count },
          { title: "TOKENS", isExtra: true, value: (trace) => trace.total_input_tokens + trace.total_output_tokens },
          { title: "COST", kind: "cost", value: (trace) => trace.total_cost },
          { title: "TOOK", kind: "milliseconds", value: (trace) => trace.duration_ms },
          { title: "BEGUN", kind: "age", value: (trace) => trace.start_time },
        ],
      }),
    }),
    defineCommand("traces.get", {
      name: "get",
      summary: "show the calls of a run, one line each",
      example: "goclaw traces get 0199c0de-0000-7000-8000-000000000001",
      arguments: [{ name: "trace", field: "id", help: "its id, which is that of its run" }],
      show: table((answer) => answer.spans, {
        id: (span) => span.id,
        empty: "The run has made no calls.",
        columns: [
          { title: "CALL", value: (span) => span.name },
          { title: "TYPE", value: (span) => span.span_type },
          { title: "STATUS", kind: "status", value: (span) => span.status },
          { title: "IN", value: (span) => span.input_tokens },
          { title: "OUT", value: (span) => span.output_tokens },
          { title: "COST", kind: "cost", value: (span) => span.total_cost },
          { title: "TOOK", kind: "milliseconds", value: (span) => span.duration_ms },
          { title: "ERROR", value: (span) => span.error },
        ],
      }),
    }),
  ],
};
