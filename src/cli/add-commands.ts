import type { Command } from "commander";
import { addCall } from "#cli/add-call.ts";
import { addChat } from "#cli/chat/add-chat.ts";
import { addCompletion } from "#cli/completion/add-completion.ts";
import { addContexts } from "#cli/connection/add-contexts.ts";
import { addDashboard } from "#cli/connection/add-dashboard.ts";
import type { CommandEnvironment } from "#cli/invocation.ts";
import { addEvents } from "#cli/live/add-events.ts";
import { addFollow } from "#cli/live/add-follow.ts";
import { addLogs } from "#cli/live/add-logs.ts";
import { addResources } from "#cli/resources/add-resources.ts";

/** Adds the commands that call a gateway. */
export function addCommands(program: Command, environment: CommandEnvironment): void {
  program.commandsGroup("Use a gateway:");
  addChat(program, environment);
  addDashboard(program, environment);
  addResources(program, environment);
  addFollow(program, environment);
  addEvents(program, environment);
  addLogs(program, environment);
  addCall(program, environment);
  addContexts(program, environment);
  addCompletion(program, environment);
}
