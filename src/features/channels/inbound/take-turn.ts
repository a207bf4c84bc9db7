import { failedPrecondition } from "#base/errors.ts";
import { workspaceOfUser } from "#features/agents/index.ts";
import { runCommand } from "#features/channels/commands/run-command.ts";
import { answerMessage } from "#features/channels/inbound/answer-message.ts";
import type { ChatDependencies } from "#features/channels/inbound/chat-dependencies.ts";
import { forgetHistory, readChat } from "#features/channels/inbound/chat-state.ts";
import type { Decision } from "#features/channels/inbound/decide-inbound.ts";
import { findExceededQuota } from "#features/channels/inbound/find-exceeded-quota.ts";
import type { ChatAttempt } from "#features/channels/inbound/handle-chat.ts";
import { loadMedia } from "#features/channels/inbound/load-media.ts";
import { markHandled } from "#features/channels/inbound/mark-handled.ts";
import type { ReceivedMessage } from "#features/channels/inbound/received-messages.ts";
import { createSaveFile } from "#features/channels/inbound/save-inbox-file.ts";
import { sessionOfChat } from "#features/channels/inbound/session-of-chat.ts";
import { toRunRequest } from "#features/channels/inbound/to-run-request.ts";

/** Gives messages of one sender to the agent as one turn, or carries out the command that the first one is. */
export async function takeTurn(
  first: ReceivedMessage,
  rest: readonly ReceivedMessage[],
  decision: Decision,
  { account, attempt, signal }: ChatAttempt,
  dependencies: ChatDependencies,
): Promise<void> {
  const { db } = account;
  const { agents, engine, clock, presence } = dependencies;
  const agent = await agents.find(db, account.agentId);
  if (!agent) throw failedPrecondition("error.agent_inactive", { id: account.agentId }, "agent_inactive");
  const { target } = first.message;
  const { history, sessionChatId } =
    target.kind === "group" ? await readChat(db.read, account.id, target) : { history: [], sessionChatId: "" };
  const session = sessionOfChat(account, agent.key, first.message, sessionChatId);
  if (decision.kind === "command") {
    const call = { account, received: first, sessionKey: session.key, agentKey: agent.key };
    if (await runCommand(decision.command, call, dependencies)) return;
  }

  const messages = [first, ...rest] as const;
  const { maxMessageChars, quota } = dependencies.limits();
  if (first.message.text.length > maxMessageChars) {
    const params = { max: maxMessageChars };
    return db.write((queries) =>
      answerMessage(queries, dependencies, account, first, "refused", "channel.too_long", params),
    );
  }
  const period = await findExceededQuota(db.read, session.userId, quota, clock.now());
  if (period) {
    const [key, params] = [`channel.quota_${period}` as const, { max: quota[period] }];
    return db.write(async (queries) => {
      if (rest.length > 0) await markHandled(queries, rest, "refused");
      await answerMessage(queries, dependencies, account, first, "refused", key, params);
    });
  }
  const media = await loadMedia(
    messages.flatMap(({ message }) => message.media),
    {
      account,
      blobs: dependencies.blobs,
      imagePreparer: dependencies.imagePreparer,
      save: createSaveFile(dependencies.workspaceOf(db.tenantId, agent.id, workspaceOfUser(agent, session.userId))),
      now: () => clock.now(),
      attempt,
      signal,
    },
  );
  const request = toRunRequest({
    ...{ account, agent, session, messages, history, media },
    async onStored(queries, runId) {
      await markHandled(queries, messages, "accepted", runId);
      if (history.length > 0) await forgetHistory(queries, account.id, target, clock.now());
    },
  });
  const { runId, isNew } = await engine().accept({ db, requestId: first.id }, request);
  if (isNew) presence.follow(account, runId, target);
}
