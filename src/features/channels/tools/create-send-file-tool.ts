import { z } from "zod";
import type { OutboundMedia } from "#channels/index.ts";
import { answersInPlace } from "#features/channels/outbound/outbox.ts";
import type { ChannelToolDependencies } from "#features/channels/tools/create-channel-tool-source.ts";
import { originOfCall } from "#features/channels/tools/origin-of-call.ts";
import { readOutgoingFile } from "#features/channels/tools/read-outgoing-file.ts";
import { keepMedia } from "#features/media/index.ts";
import { type CallPlace, defineTool, type Tool, type ToolEnvironment, ToolError } from "#runtime/tools/index.ts";

const MAX_ATTACHMENTS = 10;
const Path = z.string().min(1).max(1_000);

/** Creates the tool by which an agent hands files of its workspace to the people that it talks to. */
export const createSendFileTool = (dependencies: ChannelToolDependencies): Tool =>
  defineTool({
    name: "send_file",
    group: "fs",
    description:
      "Hand a file of your workspace to the person you talk to: it goes to their chat, or you get a link for your answer.",
    arguments: z.object({
      path: Path.describe("Relative to the workspace, such as reports/may.pdf"),
      caption: z.string().max(1_000).default("").describe("What to say about it"),
      attachments: z.array(Path).max(MAX_ATTACHMENTS).default([]).describe("Further files"),
    }),
    effect: () => "idempotent",
    async run(environment, { path, caption, attachments }) {
      const { call } = environment;
      if (!call) throw new ToolError("Only an agent at work can send files.");
      const media: OutboundMedia[] = [];
      for (const wanted of [path, ...attachments])
        media.push(await readOutgoingFile(environment, wanted, dependencies));
      return (
        (await sendToChat(environment, call, caption, media, dependencies)) ??
        giveLinks(environment, media, dependencies)
      );
    },
  });

async function sendToChat(
  environment: ToolEnvironment,
  { runId, callId }: CallPlace,
  caption: string,
  media: readonly OutboundMedia[],
  { accounts, outbox }: ChannelToolDependencies,
): Promise<string | undefined> {
  const origin = await originOfCall(environment);
  const account = origin && (await accounts.find(origin.instance_id));
  if (!origin || !account?.isServed) return undefined;
  // A program that fetches its answers gets links in them.
  if (answersInPlace(account)) return undefined;
  const limit = account.open().capabilities.maxMediaBytes;
  const large = media.find(({ size }) => size > limit);
  if (large) throw new ToolError(`${large.name} has ${large.size} bytes. This channel takes ${limit} at most.`);
  await environment.db.write((queries) =>
    outbox.add(queries, {
      ...{ account, target: origin.target, runId, key: `file:${runId}:${callId}` },
      content: { text: caption, media },
    }),
  );
  return `Sent to this chat: ${media.map(({ name }) => name).join(", ")}.`;
}

/** Makes uploads of the files, whose links are signed in the answer. */
async function giveLinks(
  { db, userId, agentKey, call, clock }: ToolEnvironment,
  media: readonly OutboundMedia[],
  { events }: ChannelToolDependencies,
): Promise<string> {
  const actor = { kind: "agent", agentKey, runId: call?.runId ?? "" } as const;
  const author = { db, actor, events, now: clock.now() };
  const links = await Promise.all(media.map((file) => keepMedia(author, { ...file, userId })));
  const lines = links.map((link, index) => `[${media[index]?.name ?? "file"}](${link})`);
  return `Put these links into your answer, so that the person gets the files:\n${lines.join("\n")}`;
}
