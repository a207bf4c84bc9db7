import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const payload = z.object({ filename: z.string(), mime_type: z.string(), size: z.int() });

export const mediaUploaded = defineEvent({ type: "media.uploaded", entity: "media", payload });
export const mediaDeleted = defineEvent({ type: "media.deleted", entity: "media", payload });
