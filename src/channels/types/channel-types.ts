import { z } from "zod";
import { CommonConfig, DmPolicy } from "#channels/types/common-config.ts";

/** What is known of a chat platform before any connection. */
export interface ChannelType {
  /** The credentials without which it does not work. */
  readonly required: readonly string[];
  /** The form of known credentials. Others are kept as they are. */
  readonly credentials: Readonly<Record<string, RegExp>>;
  /** The credentials that are addresses to which the others are sent. */
  readonly addresses: readonly string[];
  readonly config: z.ZodType<CommonConfig>;
}

const MAX_MEDIA_MB = 2_000;
const Megabytes = (usual: number) => z.int().min(1).max(MAX_MEDIA_MB).default(usual);
const Url = z.url({ protocol: /^https?$/ }).max(2_000);
const ANYTHING = /^/;

const platform = (config: z.ZodType<CommonConfig>, facts: Partial<Omit<ChannelType, "config">> = {}): ChannelType => ({
  required: [],
  credentials: {},
  addresses: [],
  ...facts,
  config,
});

export const WebhookConfig = CommonConfig.extend({
  dm_policy: DmPolicy.default("open").describe("Open by default, since whoever signs a message vouches for its sender"),
  require_mention: z.boolean().default(false),
  callback_url: Url.optional().describe("Where answers go. Without it, the request of a message gets its answer"),
  reply_wait_ms: z
    .int()
    .min(0)
    .max(120_000)
    .default(30_000)
    .describe("How long the request of a message waits for the answer, in milliseconds"),
});
export type WebhookConfig = z.output<typeof WebhookConfig>;

export const TelegramConfig = CommonConfig.extend({
  connection_mode: z.enum(["polling", "webhook"]).default("polling").describe("How messages come"),
  webhook_url: Url.optional().describe("The gateway's public address, for the mode `webhook`"),
  media_max_mb: Megabytes(20),
  link_preview: z.boolean().default(false),
  mention_mode: z.enum(["strict", "yield"]).default("strict"),
});
export type TelegramConfig = z.output<typeof TelegramConfig>;

const Chunk = z.int().min(100).max(100_000);

/** Every type of chat platform that instances may have. */
export const CHANNEL_TYPES = {
  telegram: platform(TelegramConfig, {
    required: ["token"],
    credentials: {
      token: /^\d{1,20}:[\w-]{1,200}$/,
      api_server: /^https?:\/\/[^\s?#]+$/,
      webhook_secret: /^[\w-]{1,256}$/,
      proxy: ANYTHING,
    },
    addresses: ["api_server", "proxy"],
  }),
  discord: platform(CommonConfig.extend({ media_max_bytes: z.int().min(1).default(25_000_000) }), {
    required: ["token"],
  }),
  slack: platform(
    CommonConfig.extend({
      native_stream: z.boolean().default(false),
      debounce_delay: z.int().min(0).max(10_000).default(300),
      thread_ttl: z.int().min(0).default(24),
      media_max_mb: Megabytes(20),
    }),
    {
      required: ["bot_token", "app_token"],
      credentials: { bot_token: /^xoxb-\S+$/, app_token: /^xapp-\S+$/, user_token: /^xoxp-\S+$/ },
    },
  ),
  zalo_oa: platform(CommonConfig.extend({ webhook_url: Url.optional(), media_max_mb: Megabytes(5) }), {
    required: ["token"],
  }),
  zalo_personal: platform(CommonConfig),
  feishu: platform(
    CommonConfig.extend({
      domain: z.string().max(2_000).default("lark"),
      connection_mode: z.enum(["websocket", "webhook"]).default("websocket"),
      topic_session_mode: z.string().max(50).optional(),
      text_chunk_limit: Chunk.default(4_000),
      media_max_mb: Megabytes(30),
      render_mode: z.enum(["auto", "raw", "card"]).default("auto"),
    }),
    { required: ["app_id", "app_secret"] },
  ),
  whatsapp: platform(
    CommonConfig.extend({
      require_mention: z.boolean().default(false),
      history_limit: z.int().min(0).max(200).default(200),
      bridge_url: Url.optional(),
    }),
  ),
  facebook: platform(
    CommonConfig.extend({
      page_id: z.string().max(255).optional(),
      features: z.looseObject({}).optional(),
      comment_reply_options: z.looseObject({}).optional(),
    }),
    { required: ["page_access_token", "app_secret", "verify_token"] },
  ),
  pancake: platform(
    CommonConfig.extend({
      page_id: z.string().max(255).optional(),
      webhook_page_id: z.string().max(255).optional(),
      platform: z.string().max(50).optional(),
      features: z.looseObject({}).optional(),
    }),
    { required: ["api_key", "page_access_token"] },
  ),
  bitrix24: platform(
    CommonConfig.extend({
      portal: z.string().max(255).optional(),
      bot_code: z.string().max(255).optional(),
      bot_name: z.string().max(255).optional(),
      bot_type: z.string().max(50).optional(),
    }),
  ),
  webhook: platform(WebhookConfig, { required: ["secret"], credentials: { secret: /^\S{16,512}$/ } }),
} as const satisfies Readonly<Record<string, ChannelType>>;

export type ChannelTypeName = keyof typeof CHANNEL_TYPES;

const isChannelType = (name: string): name is ChannelTypeName => Object.hasOwn(CHANNEL_TYPES, name);
export const CHANNEL_TYPE_NAMES = Object.keys(CHANNEL_TYPES).filter(isChannelType);

/** Returns the facts of a type, or undefined for one of a later release. */
export const findChannelType = (name: string): ChannelType | undefined =>
  isChannelType(name) ? CHANNEL_TYPES[name] : undefined;
