import { z } from "zod";
import type { ChatTarget } from "#channels/index.ts";
import { mutateAs } from "#core/mutate.ts";
import { messageForwarded } from "#features/channels/events.ts";
import { chatKeyOf } from "#features/channels/inbound/chat-key.ts";
import type { ChannelAccount } from "#features/channels/live/channel-accounts.ts";
import { answersInPlace } from "#features/channels/outbound/outbox.ts";
import type { ChannelToolDependencies } from "#features/channels/tools/create-channel-tool-source.ts";
import { findKnownChat, nameKnownChats } from "#features/channels/tools/known-chats.ts";
import { originOfCall } from "#features/channels/tools/origin-of-call.ts";
import type { OwnAccount } from "#features/channels/tools/own-accounts.ts";
import {
  type CallPlace,
  defineTool,
  jsonPart,
  type Tool,
  type ToolEnvironment,
  ToolError,
} from "#runtime/tools/index.ts";

const MAX_CHARS = 32_000;

/** Where a message goes, and whether that is another chat than the one in which the run answers. */
interface Destination {
  readonly account: ChannelAccount;
  readonly target: ChatTarget;
  readonly isElsewhere: boolean;
}

/** Creates the tool by which an agent writes to a chat at once, instead of with its answer. */
export const createMessageTool = (own: readonly OwnAccount[], dependencies: ChannelToolDependencies): Tool =>
  defineTool({
    name: "message",
    group: "messaging",
    description: [
      "Send a message to a chat now. Your answer goes to the chat that you are in by itself: use this for what comes",
      "before it, or for another chat of yours. Another chat needs `forward` and the reason why its people should read this.",
      `Your channels: ${own.map(({ name, type }) => `${name} (${type})`).join(", ")}.`,
    ].join(" "),
    arguments: z.object({
      action: z.literal("send").default("send"),
      channel: z.string().max(100).optional().describe("The name of the channel; that of this chat when absent"),
      target: z.string().max(600).optional().describe("The chat, such as direct:42; this one when absent"),
      message: z.string().min(1).max(MAX_CHARS),
      forward: z.boolean().default(false).describe("True if the message goes to another chat than this one"),
      forward_reason: z.string().max(500).optional(),
    }),
    // A call that runs again finds the message of the first time.
    effect: () => "idempotent",
    async run(environment, input) {
      const { call, db } = environment;
      if (!call) throw new ToolError("Only an agent at work can send messages.");
      const destination = await findDestination(environment, input, own, dependencies);
      const reason = input.forward_reason?.trim() ?? "";
      if (destination.isElsewhere && !(input.forward && reason !== ""))
        throw new ToolError(
          "This is another chat. Set forward to true and give a forward_reason, if its people may read this.",
        );
      if (answersInPlace(destination.account))
        throw new ToolError("This channel only carries answers. Say it in your answer.");
      const add = toMessage(destination, call, input.message);
      if (!destination.isElsewhere) await db.write((queries) => dependencies.outbox.add(queries, add));
      else await forward(environment, destination, reason, add, dependencies);
      return [jsonPart({ status: "sent", channel: destination.account.name, target: chatKeyOf(destination.target) })];
    },
  });

const toMessage = ({ account, target }: Destination, { runId, callId }: CallPlace, text: string) => ({
  ...{ account, target, runId, key: `message:${runId}:${callId}` },
  content: { text, media: [] },
});

async function findDestination(
  environment: ToolEnvironment,
  { channel, target }: { readonly channel?: string | undefined; readonly target?: string | undefined },
  own: readonly OwnAccount[],
  { accounts }: ChannelToolDependencies,
): Promise<Destination> {
  const origin = await originOfCall(environment);
  const name = channel ?? origin?.name;
  const named = name === undefined ? undefined : own.find((account) => account.name === name);
  const account = named && (await accounts.find(named.id));
  if (!account?.isServed)
    throw new ToolError(`Name one of your channels: ${own.map((one) => one.name).join(", ") || "you have none"}.`);
  const isSameChannel = origin?.instance_id === account.id;
  const here = isSameChannel ? origin.target : undefined;
  if (here && (target === undefined || [chatKeyOf(here), here.chatId].includes(target)))
    return { account, target: here, isElsewhere: false };
  const known = target === undefined ? undefined : await findKnownChat(environment.db.read, account.id, target);
  if (known) return { account, target: known, isElsewhere: true };
  const chats = await nameKnownChats(environment.db.read, account.id);
  throw new ToolError(
    `There is no such chat. Only those who wrote to you can be written to: ${chats.join(", ") || "nobody"}.`,
  );
}

/** A message to another chat is in the activity log, with its reason. */
async function forward(
  { db, agentKey, call, clock }: ToolEnvironment,
  { account, target }: Destination,
  reason: string,
  add: ReturnType<typeof toMessage>,
  { outbox, events }: ChannelToolDependencies,
): Promise<void> {
  const actor = { kind: "agent", agentKey, runId: call?.runId ?? "" } as const;
  await mutateAs({ db, actor, events, now: clock.now() }, messageForwarded, async (queries) => {
    const id = await outbox.add(queries, add);
    // The call ran before.
    if (id === undefined) return { unchanged: undefined };
    return { entityId: id, value: undefined, details: { instance: account.name, target: chatKeyOf(target), reason } };
  });
}
