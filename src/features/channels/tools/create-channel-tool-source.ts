import type { EventBus } from "#core/events/events.ts";
import type { ChannelAccounts } from "#features/channels/live/channel-accounts.ts";
import type { Outbox } from "#features/channels/outbound/outbox.ts";
import { createMessageTool } from "#features/channels/tools/create-message-tool.ts";
import { createSendFileTool } from "#features/channels/tools/create-send-file-tool.ts";
import { createFindOwnAccounts, type OwnAccount } from "#features/channels/tools/own-accounts.ts";
import type { Tool, ToolSource } from "#runtime/tools/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

export interface ChannelToolDependencies {
  readonly accounts: ChannelAccounts;
  readonly outbox: Outbox;
  readonly blobs: BlobStore;
  readonly events: EventBus;
}

/** Creates the source of the tools of chats. Only an agent with a channel can write messages of its own. */
export function createChannelToolSource(dependencies: ChannelToolDependencies): ToolSource {
  const find = createFindOwnAccounts(dependencies.events);
  const sendFile = createSendFileTool(dependencies);
  const shared = new Map([[sendFile.name, sendFile]]);
  const withMessage = (own: readonly OwnAccount[]): ReadonlyMap<string, Tool> => {
    const message = createMessageTool(own, dependencies);
    return new Map([...shared, [message.name, message]]);
  };
  const known = new WeakMap<readonly OwnAccount[], ReadonlyMap<string, Tool>>();
  return {
    async load(db, { agent }) {
      const own = await find(db, agent.id);
      if (own.length === 0) return { version: "none", tools: shared };
      const tools = known.get(own) ?? withMessage(own);
      known.set(own, tools);
      return { version: own, tools };
    },
  };
}
