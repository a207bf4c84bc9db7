// Connectors of chat platforms behind one interface, and the supervisor that serves them.

export type {
  Channel,
  ChatTarget,
  Connector,
  ConnectorDependencies,
  InboundMedia,
  InboundMessage,
  OutboundContent,
  OutboundMedia,
  OutboundPart,
  Sender,
} from "#channels/channel.ts";
export { ChannelError } from "#channels/channel-error.ts";
export { CONNECTORS } from "#channels/connectors.ts";
export { ChannelSupervisor } from "#channels/supervisor/channel-supervisor.ts";
export type { InstanceStore, Report } from "#channels/supervisor/instance-store.ts";
export { findChannelType } from "#channels/types/channel-types.ts";
export { CommonConfig, type GroupConfig } from "#channels/types/common-config.ts";
