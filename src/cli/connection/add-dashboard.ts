import type { Command } from "commander";
import { MINUTE } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { CommandFailure } from "#cli/command-errors.ts";
import { addGatewayCommand } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation } from "#cli/invocation.ts";
import { safeJson } from "#cli/terminal/safe-text.ts";

/** Adds `goclaw dashboard`, which prints a link that signs a browser in. */
export function addDashboard(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "dashboard",
    summary: "print a link that opens the dashboard, signed in",
    example: "goclaw dashboard",
  };
  addGatewayCommand(program, environment, text, async (invocation) => {
    await printLink(invocation);
    return undefined;
  });
}

async function printLink(invocation: Invocation): Promise<void> {
  const { client, target, options } = invocation;
  const answer = await client.call("logins.create_link");
  if (answer.url === undefined) throw new CommandFailure("the gateway made no link: try again.");
  // The gateway knows itself by the name that a proxy passes on. The person reaches it by this one.
  const url = `${target.url}/${new URL(answer.url).hash}`;
  if (options.json) {
    invocation.print(safeJson({ ...answer, url }, 2));
    return;
  }
  invocation.print(url);
  if (answer.expires_at === null) return;
  invocation.note(`Open it in your browser. It works once, for ${LIMITS.loginLinkTime / MINUTE} minutes.`);
}
