import { defineFeature } from "#features/define-feature.ts";
import { storageDeleted, storageMoved, storageUploaded } from "#features/files/events.ts";
import { fileOperations } from "#features/files/operations.ts";

export const fileFeature = defineFeature({
  name: "files",
  operations: fileOperations,
  events: [storageUploaded, storageDeleted, storageMoved],
});
