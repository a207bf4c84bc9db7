import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { messageRetried } from "#features/channels/events.ts";
import { listOutbound } from "#features/channels/outbound/list-outbound.ts";
import { retryOutbound } from "#features/channels/outbound/retry-outbound.ts";
import * as schema from "#features/channels/outbound/schema.ts";

const PATH = "/v1/channel-instances/{id}/outbound";
const ALIAS = "/v1/channels/instances/{id}/outbound";
const RETRY = "{message_id}/retry";

export const outboundOperations = [
  defineOperation({
    name: "channels.outbound.list",
    http: { method: "GET", path: PATH, aliases: [{ method: "GET", path: ALIAS }] },
    access: ACCESS.administer,
    summary: "List the messages that an account sends, newest first",
    description:
      "For administrators. With how far each came, and why an attempt failed. Messages are deleted 30 days after their end.",
    input: schema.ListOutboundInput,
    output: schema.ChannelOutboundPage,
    run: listOutbound,
  }),
  defineOperation({
    name: "channels.outbound.retry",
    http: {
      method: "POST",
      path: `${PATH}/${RETRY}`,
      aliases: [{ method: "POST", path: `${ALIAS}/${RETRY}` }],
    },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Send a message again that failed",
    description:
      "For administrators. The parts that arrived are not sent again, and the gateway tries for a day. An `uncertain` message may have arrived, so it needs `may_repeat`. What was sent, or is on its way, is refused.",
    input: schema.RetryOutboundInput,
    output: schema.ChannelOutboundMessage,
    errors: ["NOT_FOUND", "FAILED_PRECONDITION"],
    audit: messageRetried,
    example: { input: { may_repeat: false } },
    run: retryOutbound,
  }),
];
