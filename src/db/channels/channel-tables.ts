import type { TenantId } from "#base/ids.ts";
import type { Bit } from "#db/values.ts";

/** The tables of chat platforms. */
export interface ChannelTables {
  channel_instances: ChannelInstancesTable;
  channel_states: ChannelStatesTable;
  channel_inbound: ChannelInboundTable;
  channel_outbound: ChannelOutboundTable;
  channel_chats: ChannelChatsTable;
  channel_pairings: ChannelPairingsTable;
}

/** The folder that owns each of them. */
export const CHANNEL_TABLE_OWNERS: Readonly<Record<keyof ChannelTables, string>> = {
  channel_instances: "src/features/channels/",
  channel_states: "src/features/channels/",
  channel_inbound: "src/features/channels/",
  channel_outbound: "src/features/channels/",
  channel_chats: "src/features/channels/",
  channel_pairings: "src/features/channels/",
};

/** An account of ours on a chat platform. `credentials` holds a sealed text for each name, as JSON. */
export interface ChannelInstancesTable {
  id: string;
  tenant_id: TenantId;
  agent_id: string;
  name: string;
  display_name: string;
  channel_type: string;
  credentials: string;
  config: string;
  enabled: Bit;
  is_default: Bit;
  created_by: string;
  created_at: string;
  updated_at: string;
}

/** How an instance fares, and the process that serves it. `story` holds its latest states, as JSON. */
export interface ChannelStatesTable {
  instance_id: string;
  tenant_id: TenantId;
  state: string;
  reason: string;
  detail: string;
  since: string;
  story: string;
  lease_owner: string | null;
  lease_until: string | null;
}

/** A message from a platform. `external_id` is the platform's own, by which a redelivery is recognised. */
export interface ChannelInboundTable {
  id: string;
  tenant_id: TenantId;
  instance_id: string;
  external_id: string;
  chat_key: string;
  message: string;
  state: string;
  run_id: string | null;
  received_at: string;
}

/**
 * A message to a platform. `key` is unique in the instance. It goes out in parts: the first `parts_sent` of them are
 * done, and `open_part` is the one whose outcome is not known yet. `lost_parts` holds those that were given up, and
 * `repeat_parts` those that go out again. Both are JSON lists of places.
 */
export interface ChannelOutboundTable {
  id: string;
  tenant_id: TenantId;
  instance_id: string;
  key: string;
  chat_key: string;
  inbound_id: string | null;
  run_id: string | null;
  content: string;
  state: string;
  /** Null before the first attempt. */
  parts: number | null;
  parts_sent: number;
  lost_parts: string;
  repeat_parts: string;
  open_part: number | null;
  attempt: number;
  external_ids: string;
  error: string | null;
  /** When somebody asked for it to be sent again. */
  retried_at: string | null;
  created_at: string;
  ended_at: string | null;
}

/** A group. `target` says where it is, and `history` holds messages that the agent has not read yet. Both are JSON. */
export interface ChannelChatsTable {
  instance_id: string;
  chat_key: string;
  tenant_id: TenantId;
  target: string;
  history: string;
  updated_at: string;
}

/** A sender or a group that asked for leave to write. */
export interface ChannelPairingsTable {
  id: string;
  tenant_id: TenantId;
  instance_id: string;
  subject: string;
  label: string;
  target: string;
  locale: string;
  code: string;
  status: string;
  told_at: string;
  expires_at: string;
  approved_by: string | null;
  /** Null for rows that were approved before it was written down. */
  approved_at: string | null;
  created_at: string;
}
