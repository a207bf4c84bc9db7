import type { ChatOptions } from "#cli/chat/add-chat.ts";
import { sendMessage } from "#cli/chat/send-message.ts";
import { CommandFailure } from "#cli/command-errors.ts";
import { EXIT } from "#cli/exit-codes.ts";
import { explainFailure } from "#cli/explain-failure.ts";
import type { Invocation } from "#cli/invocation.ts";
import { LineEditor } from "#cli/terminal/line-editor.ts";
import { safeLine, safeText } from "#cli/terminal/safe-text.ts";

const HELP = [
  "/new            begin a new session",
  "/agent KEY      talk to another agent, in a new session",
  "/session [KEY]  show the session, or continue another one",
  "/file PATH      send a file along with the next message",
  "/quit           leave; so does Ctrl-D",
  "//…             a message that begins with a slash",
  "Ctrl-C cancels an answer. A second one leaves.",
];

interface Conversation {
  agent: string;
  session: string | undefined;
  files: string[];
}

/** Talks to an agent line by line, in one session, until the person leaves. Returns the exit code. */
export async function converse(invocation: Invocation<ChatOptions>): Promise<number> {
  const { agent, session, file = [] } = invocation.options;
  const conversation: Conversation = { agent, session, files: [...file] };
  const editor = new LineEditor(invocation.terminal);
  await invocation.client.call("agents.get", { id: agent });
  invocation.note(`You talk to ${agent}. /help lists what else there is.`);
  for (;;) {
    const line = await editor.read(`${safeLine(conversation.agent)} › `);
    if (line.kind === "interrupted") return EXIT.cancelled;
    if (line.kind === "ended") return EXIT.ok;
    const text = line.text.trim();
    if (text === "/quit" || text === "/exit") return EXIT.ok;
    if (text === "") continue;
    await explaining(invocation, () =>
      text.startsWith("/") && !text.startsWith("//")
        ? obey(text, conversation, invocation)
        : say(text.replace(/^\/\//, "/"), conversation, invocation),
    );
  }
}

async function say(text: string, conversation: Conversation, invocation: Invocation<ChatOptions>): Promise<void> {
  const { agent, session, files } = conversation;
  const reply = await sendMessage({ agent, text, session, files }, invocation);
  conversation.session = reply.session;
  conversation.files = [];
  if (reply.end.kind === "failed") throw new CommandFailure(reply.end.sentence);
}

async function obey(text: string, conversation: Conversation, invocation: Invocation<ChatOptions>): Promise<void> {
  const [command = "", ...words] = text.split(/\s+/);
  const rest = words.join(" ");
  switch (command) {
    case "/help":
      return invocation.print(...HELP);
    case "/new":
      conversation.session = undefined;
      return invocation.note("A new session begins with your next message.");
    case "/agent": {
      const { agent_key } = await invocation.client.call("agents.get", { id: rest || conversation.agent });
      if (agent_key !== conversation.agent) conversation.session = undefined;
      conversation.agent = agent_key;
      return invocation.note(`You talk to ${agent_key}.`);
    }
    case "/session":
      if (rest !== "") conversation.session = (await invocation.client.call("sessions.get", { key: rest })).key;
      return invocation.note(conversation.session ?? "The session begins with your next message.");
    case "/file":
      if (rest !== "") conversation.files.push(rest);
      return invocation.note(`With your next message: ${conversation.files.join(", ") || "no file"}`);
    default:
      return invocation.note(`${command} is unknown. /help lists what there is; // begins a message with a slash.`);
  }
}

/** What fails does not end the conversation. */
async function explaining({ terminal: { err }, knownTarget }: Invocation, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const explanation = explainFailure(thrown, knownTarget);
    if (!explanation) throw thrown;
    err.write(`${err.paint("red", safeText(explanation.sentence))}\n`);
    if (explanation.advice !== undefined) err.write(`  ${safeText(explanation.advice)}\n`);
  }
}
