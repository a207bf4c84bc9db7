import { isRecord } from "#base/json.ts";
import { aForm } from "#testing/a-form.ts";
import { PROGRAM_SECRET, signAsProgram } from "#testing/channels/webhook-program.ts";
import { FREE_PARAMETERS } from "#testing/reference/free-parameters.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";

/** Ids of resources, by the last fixed path segment with its parameter, such as `agents/{id}`. */
export type ExampleIds = Readonly<Record<string, string>>;

/** What the example of an operation sends besides what the OpenAPI document says. All parts are optional. */
export interface ExampleValues {
  /** Parameters of the path, which replace those of the fixtures. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Fields that replace those of the document's example. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly form?: FormData;
  /** The cookie of a browser that is signed in, instead of a token. */
  readonly cookie?: string;
  /** A body in a format of its own. */
  readonly raw?: { readonly text: string; readonly headers: Readonly<Record<string, string>> };
}

/** The values of path parameters that name no fixture, by the fixed segment with the parameter. */
export const PATH_VALUES: Readonly<Record<string, string>> = {
  ...FREE_PARAMETERS,
  "sharing/{userID}": "grace",
  "user/{userID}": "grace",
  "user/{user_id}": "bob",
  "users/{userID}": "ada",
  "documents/{path}": "memory/tea.md",
  "assets/{file}": "swagger-ui.css",
};

/** The values of fields that a query must have, by their names. */
export const NEEDED_VALUES: Readonly<Record<string, string>> = {
  from: "2026-01-15",
  to: "2026-01-15",
  path: "memory/tea.md",
};

/** Returns what an operation's example sends in particular. `now` is the gateway's time. */
export function exampleValuesOf(operation: string, ids: ExampleIds, now: Date): ExampleValues {
  switch (operation) {
    case "agents.regenerate":
      return { path: { id: "writer" } };
    case "agents.resummon":
      return { path: { id: "editor" } };
    case "agents.cancel-summon":
      return { path: { id: "novelist" } };
    case "logins.create":
      return { fields: { code: ids["login-code"] } };
    case "logins.end":
      return { cookie: ids["login-cookie"] ?? "" };
    case "jobs.list":
      // What waits beside them depends on the moment.
      return { query: { state: "dead" } };
    case "runs.cancel":
      return { path: { id: ids["runs/{queued}"] ?? "" } };
    case "runs.start":
      // Behind another run of its session, it is sure to be queued still when it is answered.
      return { path: { id: "writer" }, fields: { session_key: ids["sessions/{busy}"] } };
    case "sessions.compact":
      return { path: { key: ids["sessions/{long}"] ?? "" } };
    case "traces.follow":
      return { query: { session_key: ids["sessions/{key}"] ?? "" } };
    case "files.get":
    case "storage.read":
      return { path: { path: "reports/june.csv" } };
    case "tools.builtin.update":
      return { path: { name: "web_fetch" } };
    case "skills.upload":
      return { form: toUpload(aSkillZip({ name: "weather" }), {}, "weather.zip") };
    case "mcp.servers.create":
    case "mcp.servers.test":
      return { fields: { url: ids["mcp-server"] } };
    case "mcp.grants.revoke_agent":
      return { path: { agent_id: "support" } };
    case "mcp.requests.create":
      // For the user there is a request already.
      return { fields: { scope: "agent", agent_id: "default" } };
    case "channels.deliver":
      return { path: { instance: ids["channel-instances/{id}"] ?? "" }, raw: aDelivery(now) };
    default:
      return {};
  }
}

/** Any file will do for operations that name none. */
export const anyForm = (): FormData => aForm("notes.txt", "Buy green tea.");

function aDelivery(now: Date): NonNullable<ExampleValues["raw"]> {
  const text = JSON.stringify({ message_id: "m-1", sender_id: "ann", text: "Hello!" });
  const timestamp = Math.floor(now.getTime() / 1_000);
  const headers = { ...signAsProgram(text, { secret: PROGRAM_SECRET, timestamp }), "Content-Type": "application/json" };
  return { text, headers };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Examples are written before anything exists, so the ids in them are replaced: `agent_id` by that of an agent. */
export function withRealIds(example: unknown, ids: ExampleIds): unknown {
  if (!isRecord(example)) return example;
  const entries = Object.entries(example).map(([field, value]) => {
    const isId = typeof value === "string" && UUID.test(value);
    return [field, (isId && ids[`${field.replace(/_id$/, "s")}/{id}`]) || value];
  });
  return Object.fromEntries(entries);
}
