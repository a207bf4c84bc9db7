import { z } from "zod";

/** The keys of the configuration below `channels`. */
export const Channels = z.object({
  telegram_api: z
    .url({ protocol: /^https?$/ })
    .default("https://api.telegram.org")
    .describe("The address of Telegram's Bot API, for bots that name no server of their own."),
});
