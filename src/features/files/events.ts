import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

/** The entity of each is the path in the tenant's workspace. */
export const storageUploaded = defineEvent({
  type: "storage.uploaded",
  entity: "storage",
  payload: z.object({ path: z.string(), size: z.int() }),
});
export const storageDeleted = defineEvent({
  type: "storage.deleted",
  entity: "storage",
  payload: z.object({ path: z.string() }),
});
export const storageMoved = defineEvent({
  type: "storage.moved",
  entity: "storage",
  payload: z.object({ from: z.string(), to: z.string() }),
});
