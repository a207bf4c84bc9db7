import { z } from "zod";
import { pageFields, pageOf, Timestamp } from "#core/wire.ts";

/** A sender, or a group, that asked for leave to write to an instance. */
export const ChannelPairing = z
  .object({
    id: z.guid(),
    instance_id: z.guid(),
    subject: z.string().describe("`user:<id>` or `group:<id>`"),
    label: z.string().describe("The name that the platform gives; people choose it themselves"),
    code: z.string().optional().describe("What the sender was told, while it waits"),
    status: z.enum(["pending", "expired", "approved"]),
    approved_by: z.string().optional(),
    expires_at: Timestamp,
    created_at: Timestamp,
  })
  .meta({ id: "ChannelPairing" });
export type ChannelPairing = z.infer<typeof ChannelPairing>;

export const ChannelPairingPage = pageOf("pairings", ChannelPairing).meta({ id: "ChannelPairingPage" });

export const ListPairingsInput = z.object({
  instance_id: z.string().max(255).optional().describe("Only those of this instance"),
  status: z.enum(["pending", "approved"]).optional(),
  ...pageFields,
});
export type ListPairingsInput = z.infer<typeof ListPairingsInput>;

export const PairingPath = z.object({ id: z.string().max(255).describe("The id of the pairing, or its code") });
export type PairingPath = z.infer<typeof PairingPath>;
