import { defineFeature } from "#features/define-feature.ts";
import { messageInjected } from "#features/live-chat/events.ts";
import { liveChatMethods } from "#features/live-chat/methods.ts";
import { liveChatOperations } from "#features/live-chat/operations.ts";

export const liveChatFeature = defineFeature({
  name: "live-chat",
  operations: liveChatOperations,
  events: [messageInjected],
  methods: liveChatMethods,
});
