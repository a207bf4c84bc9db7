import { Database } from "bun:sqlite";
import { DAY, MINUTE } from "#base/clock.ts";
import { idBound, MASTER_TENANT_ID, newId } from "#base/ids.ts";
import { withSearchText } from "#runtime/transcript/index.ts";

export interface FillOptions {
  readonly sessions: number;
  /** The agents of the history, by their ids. */
  readonly agents: readonly { readonly id: string; readonly key: string }[];
  readonly users: number;
  /** The time over which the history is spread, which ends now. */
  readonly days: number;
}

const RUNS_PER_SESSION = 5;
const WORDS = ["invoice", "weather", "thời tiết", "flight", "天气", "report", "budget", "garden", "recipe", "deadline"];
const QUESTION = "Could you look into this for me and tell me briefly what you find? ".repeat(3);
const ANSWER = "Here is what I found, with the sources that I used and what remains open. ".repeat(5);

/** What a run of the history is. */
interface Past {
  readonly number: number;
  readonly at: Date;
  readonly session: string;
  readonly agent: FillOptions["agents"][number];
  readonly user: string;
}

/**
 * Writes a history of sessions into the database of a stopped gateway: per session five runs with two messages, a model
 * call and a tool call each, so ten messages and ten spans.
 */
export function fillDatabase(path: string, options: FillOptions): void {
  const database = new Database(path);
  database.run("PRAGMA journal_mode = WAL");
  database.run("PRAGMA synchronous = OFF");
  database.run("PRAGMA foreign_keys = OFF");
  const insert = createInserts(database);
  const begin = Date.now() - options.days * DAY;
  const step = (options.days * DAY - MINUTE) / options.sessions;
  for (let first = 0; first < options.sessions; first += 1_000) {
    database.run("BEGIN");
    for (let index = first; index < Math.min(first + 1_000, options.sessions); index++) {
      const at = new Date(begin + index * step);
      writeSession(insert, index, at, options);
    }
    database.run("COMMIT");
  }
  // The next start counts the history at once.
  database.run("update jobs set run_at = '2020-01-01T00:00:00.000Z' where name = 'usage-roll-up'");
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
}

const idAt = (at: Date): string => `${idBound(at)}${newId().slice(13)}`;

type Insert = ReturnType<typeof createInserts>;

function createInserts(database: Database) {
  const prepare = (table: string, columns: readonly string[]) => {
    const sql = `insert into ${table} (${columns.join()}) values (${columns.map((name) => `$${name}`).join()})`;
    const statement = database.prepare(sql);
    return (row: Readonly<Record<string, string | number | null>>) =>
      statement.run(Object.fromEntries(Object.entries(row).map(([name, value]) => [`$${name}`, value])));
  };
  const known = new Map<string, ReturnType<typeof prepare>>();
  return (table: string, row: Readonly<Record<string, string | number | null>>) => {
    const write = known.get(table) ?? prepare(table, Object.keys(row));
    known.set(table, write);
    write(row);
  };
}

function writeSession(insert: Insert, index: number, at: Date, { agents, users }: FillOptions): void {
  const agent = agents[index % agents.length];
  if (!agent) throw new Error("a history needs an agent");
  const session = idAt(at);
  const user = `user-${index % users}`;
  const created_at = at.toISOString();
  let parent: string | null = null;
  for (let number = 0; number < RUNS_PER_SESSION; number++) {
    const run = {
      number: index * RUNS_PER_SESSION + number,
      at: new Date(at.getTime() + number * MINUTE),
      session,
      agent,
      user,
    };
    parent = writeRun(insert, run, parent, number * 2);
  }
  const named = { key: `agent:${agent.key}:past-${index}`, label: `Past ${index}`, user_id: user };
  insert("sessions", {
    ...withSearchText(named),
    ...{ id: session, tenant_id: MASTER_TENANT_ID, is_named: 1 },
    ...{ agent_id: agent.id, channel: "http", metadata: "{}", head_id: parent },
    ...{
      active_run_id: null,
      summary: "",
      summary_until_id: null,
      compaction_count: 0,
      message_count: RUNS_PER_SESSION * 2,
    },
    ...{ text_bytes: 5_000, input_tokens: 5_000, output_tokens: 500, created_at, updated_at: created_at },
  });
}

/** Returns the id of the last message. */
function writeRun(insert: Insert, past: Past, parent: string | null, depth: number): string {
  const { number, at, session, agent, user } = past;
  const id = idAt(at);
  const trace_id = id.replaceAll("-", "");
  const created_at = at.toISOString();
  const ended_at = new Date(at.getTime() + 1_500).toISOString();
  const word = WORDS[number % WORDS.length] ?? "";
  const question = `${word} ${number}: ${QUESTION}`;
  const answer = `${ANSWER} ${word}`;
  const isFailed = number % 50 === 0;
  const shared = { tenant_id: MASTER_TENANT_ID, agent_id: agent.id };
  const [asked, answered] = [idAt(at), idAt(at)];
  const message = {
    tenant_id: MASTER_TENANT_ID,
    session_id: session,
    run_id: id,
    is_complete: 1,
    refused: null,
    created_at,
  };
  const parts = (text: string) => JSON.stringify([{ type: "text", text }]);
  insert("messages", { ...message, id: asked, parent_id: parent, depth, role: "user", parts: parts(question) });
  insert("messages", {
    ...message,
    id: answered,
    parent_id: asked,
    depth: depth + 1,
    role: "assistant",
    parts: parts(answer),
  });
  const usage = {
    input_tokens: 1_000,
    output_tokens: 100,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  };
  insert("runs", {
    ...{
      ...shared,
      id,
      agent_key: agent.key,
      session_id: session,
      session_key: `agent:${agent.key}:past`,
      user_id: user,
    },
    ...{ kind: "chat", status: isFailed ? "failed" : "completed", is_attached: 1, is_resumable: 0 },
    ...{ finish: isFailed ? null : "stop", attempt: 1, deaths: 0, queue_priority: 0, lease_owner: null },
    ...{
      lease_until: null,
      cancel_reason: null,
      last_seq: 5,
      pending_input: null,
      input_preview: question,
      options: "{}",
    },
    ...{
      output: answer,
      error: null,
      answered_by: '{"provider":"bench","model":"bench"}',
      usage: JSON.stringify(usage),
    },
    ...{
      cost: 0.0045,
      trace_id,
      parent_run_id: null,
      metadata: "{}",
      channel: "http",
      duration_ms: 1_500,
      tool_calls: 1,
    },
    ...{ input_tokens: 1_000, output_tokens: 100, is_counted: 0, trace_parent: null },
    ...{ created_at, started_at: created_at, ended_at },
  });
  insert("usage_records", {
    ...{ ...shared, ...usage, id: idAt(at), run_id: id, session_id: session, user_id: user, provider: "bench" },
    ...{ model: `bench-${number % 3}`, cost: 0.0045, is_counted: 0, created_at },
  });
  const span = {
    ...{ ...shared, trace_id, parent_span_id: id, run_id: id, status: "completed", error: null },
    ...{ started_at: created_at, ended_at, duration_ms: 1_500, metadata: "{}" },
    ...{ input_preview: question, output_preview: answer },
  };
  insert("spans", {
    ...{ ...span, id: idAt(at), span_type: "llm_call", name: "bench/bench", model: "bench", provider: "bench" },
    ...{
      input_tokens: 1_000,
      output_tokens: 100,
      cost: 0.0045,
      finish_reason: "stop",
      tool_name: null,
      tool_call_id: null,
    },
  });
  const tool = number % 5_000 === 0 ? "rare_tool" : `tool-${number % 20}`;
  insert("spans", {
    ...{ ...span, id: idAt(at), span_type: "tool_call", name: tool, model: null, provider: null },
    ...{
      input_tokens: 0,
      output_tokens: 0,
      cost: 0,
      finish_reason: null,
      tool_name: tool,
      tool_call_id: `call-${number}`,
    },
  });
  return answered;
}
