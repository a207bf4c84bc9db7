import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const kind = { entity: "agent_instance", payload: z.object({ user_id: z.string() }) };
export const instanceFileSet = defineEvent({ type: "agent_instance.file_set", ...kind });
export const instanceMetadataUpdated = defineEvent({ type: "agent_instance.metadata_updated", ...kind });
