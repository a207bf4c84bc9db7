import { toTimestamp } from "#base/clock.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import type { ChatCommand } from "#features/channels/commands/parse-command.ts";
import { answerMessage } from "#features/channels/inbound/answer-message.ts";
import type { ChatDependencies } from "#features/channels/inbound/chat-dependencies.ts";
import type { ReceivedMessage } from "#features/channels/inbound/received-messages.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { lockSession, resetTranscript } from "#runtime/transcript/index.ts";

/** A command in a chat, with the session that it is about. */
export interface CommandCall {
  readonly account: ChannelAccount;
  readonly received: ReceivedMessage;
  readonly sessionKey: string;
  readonly agentKey: string;
}

/** Carries out a command and answers it. Resolves to false if the message turns out to be one for the agent. */
export async function runCommand(
  command: ChatCommand,
  call: CommandCall,
  dependencies: ChatDependencies,
): Promise<boolean> {
  switch (command) {
    case "help":
    case "start":
      await answer(call, dependencies, "channel.help", { agent: call.agentKey });
      return true;
    case "status":
      await showStatus(call, dependencies);
      return true;
    case "reset":
      await reset(call, dependencies);
      return true;
    case "stop":
      await answer(call, dependencies, await stop(call, dependencies, "active"), {});
      return true;
    case "stopall":
      await answer(call, dependencies, await stop(call, dependencies, "all"), {});
      return true;
    case "cancel": {
      const told = await stop(call, dependencies, "active");
      if (told === "channel.nothing_runs") return false;
      await answer(call, dependencies, told, {});
      return true;
    }
  }
}

type Told = "channel.stopped" | "channel.nothing_runs";

const answer = <Key extends Told | "channel.help">(
  { account, received }: CommandCall,
  dependencies: ChatDependencies,
  key: Key,
  params: Parameters<typeof answerMessage<Key>>[6],
): Promise<void> =>
  account.db.write((queries) => answerMessage(queries, dependencies, account, received, "answered", key, params));

/** Stops the runs of a chat: the active one, or the waiting ones as well. */
async function stop(
  { account: { db }, sessionKey }: CommandCall,
  { engine }: ChatDependencies,
  which: "active" | "all",
): Promise<Told> {
  const session = await db.read
    .selectFrom("sessions")
    .select(["id", "active_run_id"])
    .where("key", "=", sessionKey)
    .executeTakeFirst();
  if (!session) return "channel.nothing_runs";
  const open = await db.read
    .selectFrom("runs")
    .select("id")
    .where("session_id", "=", session.id)
    .where("ended_at", "is", null)
    .orderBy("id", "desc")
    .execute();
  const wanted = which === "all" ? open : open.filter(({ id }) => id === session.active_run_id);
  let stopped = 0;
  // The waiting runs come first, so that none of them begins when the active one ends.
  for (const { id } of wanted) if (await engine().cancel(db, id, "stopped from the chat")) stopped++;
  return stopped > 0 ? "channel.stopped" : "channel.nothing_runs";
}

async function reset(call: CommandCall, dependencies: ChatDependencies): Promise<void> {
  const { account, received, sessionKey } = call;
  const { clock } = dependencies;
  await account.db.write(async (queries) => {
    const session = await lockSession(queries, sessionKey);
    const isBusy = session !== undefined && session.active_run_id !== null;
    const key = isBusy ? "channel.busy" : "channel.reset";
    await answerMessage(queries, dependencies, account, received, "answered", key, {});
    if (session && !isBusy) await resetTranscript(queries, session.id, toTimestamp(clock.now()));
  });
}

async function showStatus(call: CommandCall, dependencies: ChatDependencies): Promise<void> {
  const { account, received, agentKey, sessionKey } = call;
  await account.db.write(async (queries) => {
    const facts = await readFacts(queries, sessionKey);
    const key = facts.isBusy ? "channel.status_busy" : "channel.status_idle";
    const params = { agent: agentKey, messages: facts.messages, tokens: facts.tokens };
    await answerMessage(queries, dependencies, account, received, "answered", key, params);
  });
}

async function readFacts(queries: TenantQueries, sessionKey: string) {
  const session = await lockSession(queries, sessionKey);
  return {
    isBusy: session !== undefined && session.active_run_id !== null,
    messages: session?.message_count ?? 0,
    tokens: (session?.input_tokens ?? 0) + (session?.output_tokens ?? 0),
  };
}
