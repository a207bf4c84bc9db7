import { z } from "zod";

export const DeliveryInput = z.object({
  instance: z.string().max(255).describe("The id of the instance"),
  body: z.instanceof(Uint8Array).meta({ description: "The message in the form of its platform" }),
});
export type DeliveryInput = z.infer<typeof DeliveryInput>;

/** What became of a message. */
export const DeliveryAnswer = z
  .object({
    status: z
      .enum(["accepted", "answered", "ignored", "refused"])
      .describe("`accepted`: stored, and not answered yet. Sending it again fetches the answer"),
    message_id: z.string().optional(),
    run_id: z.string().optional(),
    replies: z
      .array(
        z.object({
          id: z.string(),
          text: z.string(),
          media: z.array(z.object({ name: z.string(), media_type: z.string(), size: z.int() })).optional(),
        }),
      )
      .optional()
      .describe("What the agent answered, for instances without a callback_url. None if it stays silent"),
  })
  .meta({ id: "ChannelDeliveryAnswer" });
export type DeliveryAnswer = z.infer<typeof DeliveryAnswer>;
