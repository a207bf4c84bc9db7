import { instanceEvents, pairingEvents } from "#features/channels/events.ts";
import { instanceOperations } from "#features/channels/instances/operations.ts";
import { defineFeature } from "#features/define-feature.ts";

export const channelFeature = defineFeature({
  name: "channels",
  operations: [...instanceOperations],
  events: [...instanceEvents, ...pairingEvents],
});
