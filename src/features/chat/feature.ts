import { chatOperations } from "#features/chat/operations.ts";
import { defineFeature } from "#features/define-feature.ts";

export const chatFeature = defineFeature({ name: "chat", operations: chatOperations });
