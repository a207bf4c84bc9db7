import { z } from "zod";
import { LIMITS } from "#base/limits.ts";
import { SingleLine } from "#core/wire.ts";

/** The channel of browsers. Every other channel is an instance of a chat platform, by its name. */
export const BROWSER = "browser";

const SenderText = SingleLine.trim().min(1).max(LIMITS.senderIdChars);
const Channel = SingleLine.trim().min(1).max(255).describe("`browser`, or the name of a channel instance");
const Milliseconds = z.int().describe("Milliseconds since 1970");

export const PairingStatusInput = z.object({ sender_id: SenderText.describe("The id that `connect` gave") });
export const PairingStatusAnswer = z.object({
  status: z.enum(["approved", "pending", "expired"]).describe("`expired` for a denied request as well"),
});

export const IntroductionAnswer = z.object({
  protocol: z.int(),
  status: z.literal("pending_pairing"),
  pairing_code: z.string().describe("For an administrator, who approves it within one hour"),
  sender_id: z.string().describe("Keep it as a secret. Once it is approved, it is the credential of this browser"),
  server: z.object({ name: z.literal("goclaw"), version: z.string() }),
});

export const RequestPairingInput = z.object({
  sender_id: SenderText.describe("A browser's id that waits already, or the platform's id of a sender or `group:<id>`"),
  channel: Channel,
  chat_id: SingleLine.max(255).optional().describe("The chat that is told; without it, the private one of the sender"),
});
export type RequestPairingInput = z.output<typeof RequestPairingInput>;
export const RequestPairingAnswer = z.object({
  code: z.string(),
  sender_id: z.string().describe("For a browser the id that the gateway gave it, which no client can choose"),
});

export const PairingCodeInput = z.object({ code: SingleLine.min(1).max(64) });
export type PairingCodeInput = z.output<typeof PairingCodeInput>;

const Sender = z.object({
  sender_id: z.string().describe("Masked for a browser, because the whole id is a credential"),
  channel: z.string(),
  chat_id: z.string().describe("Empty for a browser"),
});
const Pending = Sender.extend({
  code: z.string(),
  account_id: z.string().describe("The id of the channel instance; `default` for a browser"),
  created_at: Milliseconds,
  expires_at: Milliseconds,
  metadata: z.object({
    address: z.string().optional().describe("From where a browser asked"),
    label: z.string().optional().describe("The name that a platform gives; people choose it themselves"),
  }),
});
const Paired = Sender.extend({
  paired_at: Milliseconds,
  paired_by: z.string().describe("The user who approved"),
  expires_at: Milliseconds.optional().describe("Later with every use; absent if it never ends"),
});
export type Pending = z.output<typeof Pending>;
export type Paired = z.output<typeof Paired>;

export const ApprovedPairing = z.object({ paired: Paired });
export const DeniedPairing = z.object({ denied: z.literal(true) });
export const RevokedPairing = z.object({ revoked: z.literal(true) });
export const PairingList = z.object({ pending: z.array(Pending), paired: z.array(Paired) });

export const RevokePairingInput = z.object({
  sender_id: SenderText.describe("As the list shows it, or the whole id"),
  channel: Channel.default(BROWSER),
});
export type RevokePairingInput = z.output<typeof RevokePairingInput>;
