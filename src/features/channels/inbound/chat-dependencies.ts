import type { Clock } from "#base/clock.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import type { EventBus } from "#core/events/events.ts";
import type { AgentDirectory } from "#features/agents/index.ts";
import type { ChannelAccounts } from "#features/channels/live/channel-accounts.ts";
import type { ChatLimits } from "#features/channels/live/channel-services.ts";
import type { RunPresence } from "#features/channels/live/run-presence.ts";
import type { Outbox } from "#features/channels/outbound/outbox.ts";
import type { RunEngine } from "#runtime/engine/index.ts";
import type { BlobStore } from "#runtime/transcript/index.ts";

/** What the handling of messages needs. */
export interface ChatDependencies {
  readonly accounts: ChannelAccounts;
  readonly agents: AgentDirectory;
  readonly engine: () => RunEngine;
  readonly outbox: Outbox;
  readonly presence: RunPresence;
  readonly blobs: BlobStore;
  readonly imagePreparer: ImagePreparer;
  readonly events: EventBus;
  readonly clock: Clock;
  readonly limits: () => ChatLimits;
  /** Returns the directory in which an agent works. `name` is that of its user's directory. */
  readonly workspaceOf: (tenantId: string, agentId: string, name: string) => string;
}
