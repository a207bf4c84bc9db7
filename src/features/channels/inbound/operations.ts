import { LIMITS } from "#base/limits.ts";
import { defineOperation } from "#core/operation.ts";
import { receiveDelivery } from "#features/channels/inbound/receive-delivery.ts";
import { DeliveryAnswer, DeliveryInput } from "#features/channels/inbound/schema.ts";

export const deliveryOperations = [
  defineOperation({
    name: "channels.deliver",
    http: { method: "POST", path: "/v1/channels/webhook/{instance}" },
    runsOnce: true,
    access: "public",
    summary: "Take a message of a chat platform",
    description:
      "For platforms, which prove themselves in their own way. An instance of the type `webhook` takes a signed JSON message: `X-GoClaw-Timestamp` has the seconds since 1970, and `X-GoClaw-Signature` has `v1=` and the HMAC-SHA256 of `<timestamp>.<body>` in hex. A message that comes again is handled once.",
    body: { kind: "bytes", maxBytes: LIMITS.jsonBody },
    input: DeliveryInput,
    output: DeliveryAnswer,
    errors: ["UNAUTHORIZED", "NOT_FOUND", "UNAVAILABLE"],
    run: receiveDelivery,
  }),
];
