import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

export const mediaUploaded = defineEvent({
  type: "media.uploaded",
  entity: "media",
  payload: z.object({ filename: z.string(), mime_type: z.string(), size: z.int() }),
});
