import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Identity } from "#core/access/identity.ts";
import { freeForm } from "#core/free-form.ts";
import { pageFields, pageOf } from "#core/wire.ts";
import { AgentDraft } from "#features/agents/index.ts";
import { ConversationMessage } from "#features/openai-messages/index.ts";
import { messagePageFields } from "#features/sessions/index.ts";
import { OnBusy, Run, RunStatus } from "#runtime/runs/index.ts";

// The verbs check the bytes of both, because they ignore the user of a key that is bound to one.
const SessionKey = z
  .string()
  .min(1)
  .meta({ maxLength: LIMITS.sessionKeyBytes })
  .describe("The session to continue; a new one when absent");
const SessionUser = z
  .string()
  .min(1)
  .meta({ maxLength: LIMITS.userIdBytes })
  .describe("Whose session it is; ignored for keys bound to a user");

const Attachments = z
  .array(z.string().min(1).max(500))
  .max(LIMITS.imagesPerRequest)
  .describe("Ids of uploads, which the agent gets with the message");

export const StartRunInput = z
  .object({
    id: z.string().describe("Agent id or key"),
    input: z
      .union([
        z.string().min(1, "field.empty"),
        z.array(ConversationMessage).min(1, "field.empty").max(LIMITS.chatMessages),
      ])
      .describe("A message, or several in OpenAI's form"),
    session_key: SessionKey.optional(),
    user_id: SessionUser.optional(),
    on_busy: OnBusy.optional(),
    attachments: Attachments.optional(),
    metadata: freeForm(LIMITS.metadataBytes).optional(),
    draft: AgentDraft.optional().describe(
      "For who may change the agent: tries it with these settings, which are not stored. A message that joins a run under way changes nothing of that run",
    ),
  })
  .meta({ id: "StartRunInput" });
export type StartRunInput = z.infer<typeof StartRunInput>;

export const WakeInput = z
  .object({
    id: z.string().describe("Agent id or key"),
    message: z.string().min(1, "field.empty"),
    session_key: SessionKey.optional(),
    user_id: SessionUser.optional(),
    on_busy: OnBusy.optional(),
    attachments: Attachments.optional(),
    metadata: freeForm(LIMITS.metadataBytes).optional().describe("Kept with the run"),
  })
  .meta({ id: "WakeInput" });
export type WakeInput = z.infer<typeof WakeInput>;

export const WakeOutput = z
  .object({
    content: z.string(),
    run_id: z.string(),
    session_key: z.string(),
    usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() }),
  })
  .meta({ id: "WakeOutput" });
export type WakeOutput = z.infer<typeof WakeOutput>;

export const ListRunsInput = z.object({
  agent_id: z.string().min(1).optional().describe("Agent id or key"),
  session_key: Identity.min(1).optional().describe("Of a session that is there; of a deleted one none are listed"),
  user_id: Identity.min(1).optional().describe("For administrators; others see their own runs"),
  status: RunStatus.optional().describe("Only runs in this state"),
  ...pageFields,
});
export type ListRunsInput = z.infer<typeof ListRunsInput>;

export const RunList = pageOf("runs", Run).meta({ id: "RunList" });
export type RunList = z.infer<typeof RunList>;

const RunId = z.string().describe("The id of the run");

export const RunRef = z.object({ id: RunId });
export type RunRef = z.infer<typeof RunRef>;

export const ListRunMessagesInput = z.object({ id: RunId, ...messagePageFields }).meta({ id: "ListRunMessagesInput" });
export type ListRunMessagesInput = z.infer<typeof ListRunMessagesInput>;

export const RunEventsInput = z.object({
  id: RunId,
  after: z.string().min(1).optional().describe("A cursor, `<seq>` or `<seq>:<offset>`: only what came after it"),
});
export type RunEventsInput = z.infer<typeof RunEventsInput>;

/** The wire form of an event. Each event type adds its own fields. */
export const RunEventWire = z
  .looseObject({
    type: z.string(),
    seq: z.int().describe("Of the stored event; a delta has that of its message.started"),
    cursor: z.string().describe("Resumes right after this event"),
  })
  .meta({ id: "RunEvent" });
export type RunEventWire = z.infer<typeof RunEventWire>;

export const RunEvents = z.object({ events: z.array(RunEventWire), cursor: z.string() }).meta({ id: "RunEvents" });
export type RunEvents = z.infer<typeof RunEvents>;
