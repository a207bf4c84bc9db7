import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const slug = z.string();

/** The entity is the slug of the skill. */
export const skillUploaded = defineEvent({
  type: "skill.uploaded",
  entity: "skill",
  payload: z.object({ version: z.int(), skill_id: z.guid() }),
});
export const skillUpdated = defineEvent({
  type: "skill.updated",
  entity: "skill",
  payload: z.object({ slug, changed: z.array(z.string()).describe("The names of the changed fields") }),
});
export const skillDeleted = defineEvent({ type: "skill.deleted", entity: "skill", payload: z.object({ slug }) });
export const skillToggled = defineEvent({
  type: "skill.toggled",
  entity: "skill",
  payload: z.object({ slug, enabled: z.boolean() }),
});
export const skillGrantChanged = defineEvent({
  type: "skill.grant_changed",
  entity: "skill",
  payload: z.object({
    slug,
    agent_id: z.string().optional(),
    user_id: z.string().optional(),
    granted: z.boolean(),
  }),
});

/** Every kind of event about skills. */
export const skillEvents = [skillUploaded, skillUpdated, skillDeleted, skillToggled, skillGrantChanged];
