import { type Command, Option } from "commander";
import { isRecord } from "#base/json.ts";
import { addGatewayCommand } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation, SharedOptions } from "#cli/invocation.ts";
import { toText } from "#cli/output/to-cell.ts";
import { safeJson, safeLine } from "#cli/terminal/safe-text.ts";
import type { Style } from "#cli/terminal/terminal.ts";
import type { Connection, FeedEvent, InputOf } from "#client/index.ts";

interface LogOptions extends SharedOptions {
  readonly level: NonNullable<InputOf<"gateway.log">["level"]>;
  readonly follow?: boolean;
}

/** What the gateway sends first. */
const BEGUN = "tailing started";
const LEVELS: readonly LogOptions["level"][] = ["debug", "info", "warn", "error"];
const STYLES: Readonly<Record<string, Style>> = { debug: "dim", info: "green", warn: "yellow", error: "red" };

/** Adds `goclaw logs`. */
export function addLogs(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "logs",
    summary: "show the latest lines of the gateway's log; for administrators of the master tenant",
    example: "goclaw logs --level warn --follow",
  };
  addGatewayCommand<LogOptions>(program, environment, text, showLogs)
    .addOption(new Option("-l, --level <level>", "this level and those above it").choices(LEVELS).default("info"))
    .option("-f, --follow", "go on with new lines, until Ctrl-C");
}

async function showLogs(invocation: Invocation<LogOptions>): Promise<undefined> {
  const { client, options } = invocation;
  // A connection waits for a gateway that is away. This call says at once that it is.
  await client.call("gateway.health");
  const connection = client.connect({ feed: "none" });
  try {
    await connection.ready;
    if (options.follow) await followLog(connection, invocation);
    else await printLatest(connection, invocation);
  } finally {
    connection.close();
  }
  return undefined;
}

/** The latest lines come before the answer of the call that asks for them. */
async function printLatest(connection: Connection, invocation: Invocation<LogOptions>): Promise<void> {
  const stop = new AbortController();
  const reading = readEntries(connection.events({ signal: stop.signal }), (entry) => show(entry, invocation));
  await begin(connection, invocation);
  stop.abort();
  await reading;
}

async function followLog(connection: Connection, invocation: Invocation<LogOptions>): Promise<void> {
  let shownUntil = 0;
  const reading = readEntries(connection.events(), (entry) => {
    // After a break, the latest lines come again.
    if (entry.type === "feed.reset") begin(connection, invocation).catch(() => connection.close());
    const time = Number(entry.timestamp);
    if (time < shownUntil) return;
    shownUntil = time;
    show(entry, invocation);
  });
  await begin(connection, invocation);
  await reading;
}

const begin = (connection: Connection, { options }: Invocation<LogOptions>) =>
  connection.call("gateway.log", { action: "start", level: options.level });

async function readEntries(events: AsyncIterable<FeedEvent>, take: (event: FeedEvent) => void): Promise<void> {
  for await (const event of events) take(event);
}

function show(entry: FeedEvent, invocation: Invocation<LogOptions>): void {
  // The gateway itself says that it begins. This is no line of its log.
  if (entry.type !== "log" || entry.message === BEGUN) return;
  const { type: _, ...line } = entry;
  invocation.print(invocation.options.json ? safeJson(line) : toLine(entry, invocation));
}

function toLine({ timestamp, level, message, attrs }: FeedEvent, { terminal: { out } }: Invocation): string {
  const name = String(level);
  const facts = Object.entries(isRecord(attrs) ? attrs : {}).map(([key, value]) => `${safeLine(key)}=${toText(value)}`);
  const words = [
    out.paint("dim", new Date(Number(timestamp)).toISOString()),
    out.paint(STYLES[name] ?? "dim", safeLine(name).padEnd(5)),
    safeLine(String(message)),
    out.paint("dim", facts.join(" ")),
  ];
  return words.join(" ").trimEnd();
}
