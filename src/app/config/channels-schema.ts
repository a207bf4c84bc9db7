import { z } from "zod";
import { ConfiguredInstances } from "#features/channels/index.ts";

/** The keys of the configuration below `channels`. */
export const Channels = z.object({
  telegram_api: z
    .url({ protocol: /^https?$/ })
    .default("https://api.telegram.org")
    .describe("The address of Telegram's Bot API, for bots that name no server of their own."),
  instances: ConfiguredInstances.readonly()
    .default({})
    .describe("Accounts of the master tenant by name, which are changed here alone.")
    .meta({
      example: { "my-program": { channel_type: "webhook", credentials: { secret: "16-random-characters-or-more" } } },
    }),
});
