import { z } from "zod";

const MAX_IDS = 1_000;
const MAX_GROUPS = 500;

/** Platforms number their users, so an id may come as a number. */
const Id = z.union([z.string().max(255), z.int()]).transform(String);
const Ids = z.array(Id).max(MAX_IDS);

export const DmPolicy = z.enum(["pairing", "allowlist", "open", "disabled"]);
export type DmPolicy = z.infer<typeof DmPolicy>;

const GroupPolicy = z.enum(["open", "pairing", "allowlist", "disabled"]);

/** What one group has instead of the settings of its instance. */
const GroupConfig = z.looseObject({
  group_policy: GroupPolicy.optional(),
  require_mention: z.boolean().optional(),
  allow_from: Ids.optional(),
  enabled: z.boolean().optional(),
  system_prompt: z.string().max(10_000).optional().describe("Added to the agent's instructions in this group"),
});

/** The settings of instances of every type. Unknown names are kept, because other releases may know them. */
export const CommonConfig = z.looseObject({
  dm_policy: DmPolicy.default("pairing").describe(
    "Who may write in private: after pairing, those in `allow_from`, everybody, or nobody",
  ),
  group_policy: GroupPolicy.default("open").describe("Who may write in groups"),
  allow_from: Ids.default([]).describe("Ids or @names of senders; they need no pairing"),
  group_allow_from: Ids.default([]).describe("Ids of groups; they need no pairing"),
  require_mention: z
    .boolean()
    .default(true)
    .describe("Whether the agent answers in a group only where its name is mentioned"),
  history_limit: z
    .int()
    .min(0)
    .max(200)
    .default(50)
    .describe("How many messages of a group without a mention the agent reads with the next one"),
  groups: z
    .record(z.string().max(255), GroupConfig)
    .refine((groups) => Object.keys(groups).length <= MAX_GROUPS, "field.too_large")
    .default({})
    .describe("Settings of single groups, by their ids; `*` is for all others"),
  on_busy: z
    .enum(["queue", "steer", "interrupt"])
    .optional()
    .describe("What happens to a message while the agent is at work in the chat"),
  debounce_ms: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("How long to wait for further messages of the same sender, which the agent then reads as one"),
  locale: z.enum(["en", "vi", "zh"]).optional().describe("The language of the gateway's own words in its chats"),
  dm_stream: z.boolean().default(false).describe("Whether an answer in private grows while the agent writes it"),
  group_stream: z.boolean().default(false).describe("The same, for groups"),
});
export type CommonConfig = z.output<typeof CommonConfig>;
export type GroupConfig = z.output<typeof GroupConfig>;
