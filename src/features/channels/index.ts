export { parseCommand } from "#features/channels/commands/parse-command.ts";
export { pairingApproved, pairingRequested, pairingRevoked } from "#features/channels/events.ts";
export { channelFeature, createChatJobs } from "#features/channels/feature.ts";
export { createStoreInbound, resumeInbound } from "#features/channels/inbound/store-inbound.ts";
export { ConfiguredInstances } from "#features/channels/instances/configured-instance.ts";
export { followConfiguration } from "#features/channels/instances/follow-configuration.ts";
export { sealedTextsOf as channelSecretsOf } from "#features/channels/instances/seal-credentials.ts";
export {
  accountEvents,
  type ChannelAccount,
  ChannelAccounts,
  channelAccounts,
} from "#features/channels/live/channel-accounts.ts";
export { channelReceive } from "#features/channels/live/channel-receive.ts";
export { channelOutbox, channelSettings, runPresence } from "#features/channels/live/channel-services.ts";
export { createInstanceStore } from "#features/channels/live/create-instance-store.ts";
export { deleteOldChatMessages } from "#features/channels/live/delete-old-messages.ts";
export { RunPresence } from "#features/channels/live/run-presence.ts";
export { Outbox } from "#features/channels/outbound/outbox.ts";
export {
  approveChatCode,
  type ChatPairing,
  denyChatCode,
  listChatPairings,
  requestChatPairing,
  revokeChatPairing,
} from "#features/channels/pairing/chat-pairings.ts";
