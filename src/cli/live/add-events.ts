import type { Command } from "commander";
import { addGatewayCommand } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation, SharedOptions } from "#cli/invocation.ts";
import { toText } from "#cli/output/to-cell.ts";
import { safeJson, safeLine } from "#cli/terminal/safe-text.ts";
import type { FeedEvent } from "#client/index.ts";

interface EventOptions extends SharedOptions {
  readonly type?: string;
  readonly after?: string;
}

/** Adds `goclaw events`. */
export function addEvents(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "events",
    summary: "show what happens, until Ctrl-C",
    example: "goclaw events --type run --json",
  };
  addGatewayCommand<EventOptions>(program, environment, text, showEvents)
    .option("--type <beginning>", "only events whose type begins so, such as agent")
    .option("--after <cursor>", "go on after the event with this cursor");
}

async function showEvents(invocation: Invocation<EventOptions>): Promise<undefined> {
  const { client, options } = invocation;
  const { type: beginning = "", after, json } = options;
  // The stream waits for a gateway that is away. This call says at once that it is, or what it refuses.
  await client.call("events.list", after === undefined ? {} : { after });
  for await (const event of client.events(after === undefined ? {} : { after })) {
    if (!event.type.startsWith(beginning)) continue;
    invocation.print(json ? safeJson(event) : toLine(event, invocation));
  }
  return undefined;
}

function toLine({ type, id, user_id: user, cursor: _, ...rest }: FeedEvent, { terminal: { out } }: Invocation): string {
  const time = new Date().toTimeString().slice(0, 8);
  const facts = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => out.paint("dim", `${safeLine(name)}=${toText(value)}`));
  const words = [out.paint("dim", time), safeLine(type), ...[id, user].map((word) => safeLine(word ?? "")), ...facts];
  return words.filter((word) => word !== "").join("  ");
}
