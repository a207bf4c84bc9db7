import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { Identity } from "#core/access/identity.ts";
import { freeForm } from "#core/free-form.ts";
import { OnBusy } from "#runtime/runs/index.ts";

const SessionKey = Identity.min(1).describe("The key of a session");

const Attachment = z.union([
  z.string().min(1).max(500),
  z.object({ path: z.string().min(1).max(500), filename: z.string().max(255).optional() }),
]);

export const SendChatInput = z.object({
  message: z.string().default(""),
  agent_id: z.string().min(1).optional().describe("Id or key; the agent of the session's key where it is absent"),
  session_key: SessionKey.optional().describe("The session to continue, or the key of a new one"),
  media: z.array(Attachment).max(LIMITS.imagesPerRequest).optional().describe("Paths or ids of uploads"),
  on_busy: OnBusy.optional().describe("What to do while the session is busy; `steer` by default"),
  stream: z.boolean().optional().describe("Understood for older clients: text is always sent as it grows"),
  metadata: freeForm(LIMITS.metadataBytes).optional(),
});
export type SendChatInput = z.output<typeof SendChatInput>;

const Usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  cache_creation_tokens: z.int(),
  cache_read_tokens: z.int(),
});
const Media = z.object({
  path: z.string(),
  content_type: z.string().optional(),
  size: z.int().optional(),
  filename: z.string().optional(),
});

/** How a message of a user ended: answered, handed to the run under way, or cancelled. */
export const SendChatOutput = z.object({
  runId: z.string().optional(),
  sessionKey: z.string().optional(),
  content: z.string().optional(),
  thinking: z.string().optional(),
  usage: Usage.optional(),
  media: z.array(Media).optional(),
  injected: z.literal(true).optional().describe("The message steers the run under way, whose events show the answer"),
  cancelled: z.literal(true).optional(),
  aborted: z.boolean().optional(),
});
export type SendChatOutput = z.input<typeof SendChatOutput>;

export const AbortChatInput = z.object({ session_key: SessionKey.optional(), run_id: z.string().min(1).optional() });
export type AbortChatInput = z.output<typeof AbortChatInput>;

export const AbortChatOutput = z.object({
  ok: z.literal(true),
  aborted: z.boolean().describe("A run was asked to stop"),
  stopped: z.boolean().describe("It has stopped"),
  forced: z.boolean().describe("It did not stop by itself in time; its worker stops it as soon as it can"),
  alreadyAborting: z.boolean(),
  notFound: z.boolean(),
  unauthorized: z.boolean(),
  runIds: z.array(z.string()),
});
export type AbortChatOutput = z.input<typeof AbortChatOutput>;

export const SessionRef = z.object({ session_key: SessionKey });
export type SessionRef = z.output<typeof SessionRef>;

export const ChatStatus = z.object({
  isRunning: z.boolean(),
  runId: z.string().describe("Empty while nothing runs"),
  activity: z.object({ phase: z.string(), tool: z.string(), iteration: z.int() }).nullable(),
});
export type ChatStatus = z.input<typeof ChatStatus>;

export const InjectInput = z.object({
  session_key: SessionKey,
  message: z.string().min(1, "field.empty"),
  label: z.string().max(100).optional(),
});
export type InjectInput = z.output<typeof InjectInput>;
export const InjectOutput = z.object({ ok: z.literal(true), messageId: z.string() });
