import { isRecord } from "#base/json.ts";
import type { ChatTarget, Sender } from "#channels/index.ts";
import { fromJson } from "#db/values.ts";

/** Where the message of a run came from. It is stored with the run, as `metadata.channel`. */
export interface ChannelOrigin {
  readonly instance_id: string;
  readonly name: string;
  readonly type: string;
  readonly target: ChatTarget;
  readonly sender: Pick<Sender, "id" | "name">;
  readonly inbound_id: string;
  /** The platform's id of the message, in groups. */
  readonly reply_to?: string | undefined;
  readonly locale: string;
}

/** Reads the origin from the metadata of a run of the kind `channel`. Only `toRunRequest` writes them. */
export function originOf(metadata: string): ChannelOrigin | undefined {
  const { channel } = fromJson<{ readonly channel?: unknown }>(metadata);
  return isRecord(channel) ? (channel as unknown as ChannelOrigin) : undefined;
}
