import { toAge } from "#cli/output/to-age.ts";
import {
  type CommandArgument,
  defineCommand,
  PAGE,
  type Resource,
  sentence,
  table,
} from "#cli/resources/resource-command.ts";
import type { OutputOf } from "#client/index.ts";

const SESSION: CommandArgument = { name: "session", field: "key", help: "its key" };

export const sessions: Resource = {
  name: "sessions",
  summary: "look at conversations and look after them",
  commands: [
    defineCommand("sessions.list", {
      name: "list",
      summary: "list sessions",
      example: "goclaw sessions list --agent default",
      options: [
        { flags: "--agent <agent>", field: "agent_id", help: "only those of an agent" },
        { flags: "--channel <name>", field: "channel", help: "only those that came in by a door, such as http" },
        { flags: "--search <text>", field: "q", help: "a part of the key, the title, the user or the agent" },
        { flags: "--of <user>", field: "user_id", help: "for administrators: only those of a user" },
        ...PAGE,
      ],
      show: table((answer) => answer.sessions, {
        id: (session) => session.key,
        empty: "There are no sessions yet. Begin one with goclaw chat.",
        columns: [
          { title: "SESSION", isKey: true, value: (session) => session.key },
          { title: "TITLE", value: (session) => session.label },
          { title: "USER", isExtra: true, value: (session) => session.userID },
          { title: "MESSAGES", value: (session) => session.messageCount },
          {
            title: "TOKENS",
            isExtra: true,
            value: ({ inputTokens = 0, outputTokens = 0 }) => inputTokens + outputTokens,
          },
          { title: "UPDATED", kind: "age", value: (session) => session.updated },
        ],
      }),
    }),
    defineCommand("sessions.messages", {
      name: "show",
      summary: "show what was said in a session, its newest messages last",
      example: "goclaw sessions show agent:default:http:direct:0199 --limit 10",
      arguments: [SESSION],
      options: PAGE,
      defaults: { from_end: true },
      show: {
        kind: "texts",
        texts: ({ messages }) =>
          messages.map(({ role, parts, created_at }) => ({
            heading: `${role} · ${toAge(created_at)}`,
            text: parts.map(toPassage).join("\n"),
          })),
      },
    }),
    defineCommand("sessions.update", {
      name: "rename",
      summary: "give a session a title",
      example: "goclaw sessions rename agent:default:http:direct:0199 Travel plans",
      arguments: [SESSION, { name: "title", field: "label", help: "the title", rest: "text" }],
      show: sentence(({ label = "" }) => `The session is called ${label} now.`),
    }),
    defineCommand("sessions.reset", {
      name: "reset",
      summary: "let a session begin anew; what was said stays stored",
      example: "goclaw sessions reset agent:default:http:direct:0199",
      arguments: [SESSION],
      show: sentence((_, { key }) => `The session ${key} begins anew.`),
    }),
    defineCommand("sessions.compact", {
      name: "compact",
      summary: "let a summary stand for the older messages",
      example: "goclaw sessions compact agent:default:http:direct:0199",
      arguments: [SESSION],
      show: sentence((_, { key }) => `Compacted the session ${key}.`),
    }),
    defineCommand("sessions.delete", {
      name: "delete",
      summary: "delete a session",
      example: "goclaw sessions delete agent:default:http:direct:0199",
      arguments: [SESSION],
      show: sentence((_, { key }) => `Deleted the session ${key}.`),
    }),
  ],
};

type Part = OutputOf<"sessions.messages">["messages"][number]["parts"][number];

function toPassage(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
      return part.text;
    case "image":
      return `[image, ${part.bytes} bytes]`;
    case "file":
      return `[file ${part.filename ?? part.media_type}, ${part.bytes} bytes]`;
    case "tool_call":
      return `→ ${part.name} ${part.arguments}`;
    case "tool_result":
      return `${part.is_error ? "✗" : "✓"} ${part.name} ${part.text}`;
  }
}
