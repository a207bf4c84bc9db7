import type { Command } from "commander";
import { converse } from "#cli/chat/converse.ts";
import { readPipe } from "#cli/chat/read-pipe.ts";
import { sendMessage } from "#cli/chat/send-message.ts";
import { toExitCode, type WatchOptions } from "#cli/chat/watch-run.ts";
import { UsageError } from "#cli/command-errors.ts";
import { addGatewayCommand, collect, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment, Invocation } from "#cli/invocation.ts";

export interface ChatOptions extends WatchOptions {
  readonly agent: string;
  readonly session?: string;
  readonly file?: readonly string[];
}

/** Adds `goclaw chat`. */
export function addChat(program: Command, environment: CommandEnvironment): void {
  const text = {
    name: "chat",
    summary: "talk to an agent; without a message, one line after the other",
    example: "git diff | goclaw chat --agent default Review this change",
  };
  addGatewayCommand<ChatOptions>(program, environment, text, chat)
    .addArgument(
      toArgument("message", "what to say; text from a pipe is put behind it", { isOptional: true, isRest: true }),
    )
    .option("-a, --agent <agent>", "key or id of the agent", "default")
    .option("-s, --session <session>", "the session to continue; else a new one begins")
    .option("-f, --file <path>", "a file to send along; may be repeated", collect)
    .option("--reasoning", "show what the model thinks, where it says so");
}

async function chat(invocation: Invocation<ChatOptions>, [words]: readonly unknown[]): Promise<number> {
  const { agent, session, file: files = [], json, quiet } = invocation.options;
  const message = Array.isArray(words) ? words.join(" ") : "";
  const piped = await readPipe(invocation, { hasMessage: message !== "" });
  const text = [message, piped].filter((part) => part !== "").join("\n\n");
  const { terminal } = invocation;
  if (text === "" && terminal.isInteractive && !json) return converse(invocation);
  if (text === "") throw new UsageError("there is nothing to say: write a message, or pipe it in.");
  const reply = await sendMessage({ agent, text, session, files }, invocation);
  if (terminal.isInteractive && !json && !quiet && session === undefined)
    invocation.note(`goclaw chat --session ${reply.session} continues.`);
  return toExitCode(reply.end);
}
