import { defineService } from "#core/service.ts";
import type { StoreInbound } from "#features/channels/inbound/store-inbound.ts";

/** Stores messages of platforms, whoever brings them. */
export const channelReceive = defineService<StoreInbound>("channel-receive");
