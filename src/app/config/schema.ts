import { z } from "zod";
import { DEFAULT_HOST, DEFAULT_PORT } from "#app/client/default-address.ts";
import { Channels } from "#app/config/channels-schema.ts";
import { Mcp } from "#app/config/mcp-schema.ts";
import { Models } from "#app/config/models-schema.ts";
import { parsePostgresUrl } from "#app/config/postgres-url.ts";
import { Retention } from "#app/config/retention-schema.ts";
import { Sandbox } from "#app/config/sandbox-schema.ts";
import { SECRET, secretText } from "#app/config/secret-text.ts";
import { Skills } from "#app/config/skills-schema.ts";
import { Telemetry } from "#app/config/telemetry-schema.ts";
import { texts } from "#app/config/texts.ts";
import { Tools } from "#app/config/tools-schema.ts";
import { isNoProxyEntry } from "#base/egress/no-proxy.ts";
import { isLoopback } from "#base/is-loopback.ts";
import { Secret } from "#base/secret.ts";
import { parseEncryptionKey } from "#base/secret-box.ts";
import { ANY_ORIGIN, isOrigin } from "#transport/http/check-origin.ts";

// Each key has a description. `environment` names its variable if that is not GOCLAW_ and the path of the key.
// `example` is for keys without a default.
// The environment variables, the config.json of a new home and the warnings are all derived from this schema.

const encryptionKey = () =>
  z
    .string()
    .refine(isEncryptionKey, "must be 64 hex characters, 44 characters of base64, or 32 bytes of text")
    .meta(SECRET)
    .transform((text) => new Secret(text));

const Quota = z.object({
  hour: z.int().min(0).default(0).describe("In an hour."),
  day: z.int().min(0).default(0).describe("In a day."),
  week: z.int().min(0).default(0).describe("In a week."),
});

const Gateway = z.object({
  host: z
    .string()
    .min(1)
    .default(DEFAULT_HOST)
    .describe("The address to listen on; 0.0.0.0 means every one of this machine.")
    .meta({ environment: "GOCLAW_HOST" }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(DEFAULT_PORT)
    .describe("The port to listen on; 0 takes a free one.")
    .meta({ environment: "GOCLAW_PORT" }),
  token: secretText()
    .optional()
    .describe("The gateway token, with full rights in every tenant, instead of the one in secrets/gateway-token.")
    .meta({ example: "at least 32 random characters" }),
  auth: z
    .enum(["token", "none"])
    .default("token")
    .describe('"none" lets every caller in as an administrator; only allowed on a loopback host.'),
  browser_pairing: z
    .boolean()
    .default(true)
    .describe("Whether a browser without a token may ask to be paired; an administrator has to approve it."),
  owner_ids: texts().describe("The users who own the whole system.").meta({ environment: "GOCLAW_OWNER_IDS" }),
  default_user_id: z
    .string()
    .min(1)
    .optional()
    .describe("The user that a call without one is made for.")
    .meta({ environment: "GOCLAW_DEFAULT_USER_ID", example: "me" }),
  allowed_origins: z
    .array(z.string().refine(isOrigin, 'must be an origin such as https://app.example.com, without a path, or "*"'))
    .readonly()
    .default([])
    .describe('Web origins whose pages may call the API from a browser, besides its own; "*" means every one.')
    .meta({ example: ["https://app.example.com"] }),
  allowed_hosts: texts().describe(
    'Names the gateway answers to in the Host header; empty means any, or loopback names where auth is "none".',
  ),
  trusted_proxies: z
    .boolean()
    .default(false)
    .describe("Whether a reverse proxy stands in front, whose X-Forwarded-For is to be believed."),
  docs_auth: z.boolean().default(false).describe("Whether /docs asks for a token."),
  rate_limit_rpm: z
    .int()
    .min(0)
    .default(0)
    .describe("Requests per minute and caller; 0 sets no limit.")
    .meta({ environment: "GOCLAW_RATE_LIMIT_RPM" }),
  rate_limit_scope: z
    .enum(["all", "runs"])
    .default("all")
    .describe('What the limit counts: "all" calls, or only those that start "runs" or call tools.'),
  quota: Quota.readonly().prefault({}).describe("Requests of one user in chats; 0 sets no limit."),
  responses_events: z
    .enum(["auto", "goclaw", "openai", "both"])
    .default("auto")
    .describe(
      'In whose words POST /v1/responses answers: "goclaw", "openai" or "both"; "auto" chooses by the form of the request and by the client.',
    ),
  max_message_chars: z
    .int()
    .min(1)
    .default(32_000)
    .describe("The longest message a user may send over WebSocket or a channel, in characters; HTTP has no limit."),
});

const postgresUrl = () =>
  z
    .string()
    .refine(
      (text) => parsePostgresUrl(text) !== undefined,
      "must be a URL that begins with postgres://, special characters of the password percent-encoded",
    )
    .meta(SECRET)
    .transform((text) => new Secret(text))
    .optional();

const Database = z.object({
  url: postgresUrl()
    .describe("A Postgres to keep the data in, instead of goclaw.db here.")
    .meta({ environment: "DATABASE_URL", example: "postgres://user:password@localhost:5432/goclaw" }),
  listen_url: postgresUrl()
    .describe("The same Postgres without the pooler in transaction mode, over which several gateways hear each other.")
    .meta({ example: "postgres://user:password@localhost:5432/goclaw" }),
  pool_size: z
    .int()
    .min(1)
    .max(1_000)
    .default(10)
    .describe("Connections to Postgres, besides one that listens to other gateways."),
});

const Redis = z.object({
  url: secretText()
    .optional()
    .describe("A Redis or Valkey to join several gateways over: not used yet, whatever is set.")
    .meta({ environment: "REDIS_URL", example: "redis://localhost:6379" }),
});

const Encryption = z.object({
  keys: z
    .array(encryptionKey())
    .readonly()
    .prefault([])
    .describe(
      "Keys for stored secrets instead of secrets/encryption-key: the first encrypts, the others still decrypt.",
    )
    .meta({ environment: "GOCLAW_ENCRYPTION_KEY" }),
  allow_missing_keys: z
    .boolean()
    .default(false)
    .describe("Whether to start although a key for stored secrets is lost; what needs them fails until they are set."),
});

const Egress = z.object({
  allow_hosts: texts().describe(
    "Private addresses, and ports of the web besides 80 and 443, that may be called: each as host:port.",
  ),
  proxy: z
    .string()
    .refine((text) => URL.canParse(text) && new URL(text).protocol === "http:", "must be an http:// URL")
    .meta(SECRET)
    .transform((text) => new Secret(text))
    .optional()
    .describe("An HTTP proxy for outgoing requests; names are still resolved here.")
    .meta({ example: "http://user:password@proxy.example:3128" }),
  no_proxy: z
    .array(
      z.string().refine(isNoProxyEntry, 'must be a host, .suffix, address or range, with :port or without, or "*"'),
    )
    .readonly()
    .optional()
    .describe("What is reached without that proxy, as in NO_PROXY; without it, this machine and egress.allow_hosts.")
    .meta({ example: ["localhost", ".example.com", "10.0.0.0/8", "models.example:8000"] }),
});

const Providers = z.object({
  allow_private_urls: z
    .boolean()
    .default(false)
    .describe("Whether model providers and MCP servers may have private addresses.")
    .meta({ environment: "GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS" }),
});

const Sessions = z.object({
  titles: z
    .enum(["model", "excerpt", "off"])
    .default("model")
    .describe(
      'Titles of sessions after their first answer: by their "model", an "excerpt" of the first words, or "off".',
    ),
  retention_days: z
    .int()
    .min(0)
    .max(36_500)
    .default(30)
    .describe("Days after the last message until a session ends that its caller gave no key; 0 keeps it."),
});

const Runs = z.object({
  timeout_seconds: z.int().min(1).default(600).describe("How long one run may take."),
  drain_seconds: z.int().min(0).default(20).describe("How long a stopping gateway lets runs go on."),
  max_concurrent: z.int().min(1).default(500).describe("Runs at work at the same time; others wait."),
  max_concurrent_per_tenant: z.int().min(0).default(0).describe("One tenant's part; 0: half once there are several."),
  max_waiting: z.int().min(1).default(10_000).describe("Runs that wait for that; one more is answered with 429."),
  max_attempts: z.int().min(1).default(3).describe("How often a run is taken up again after a crash before it fails."),
});

const Log = z.object({
  level: z
    .enum(["trace", "debug", "info", "warn", "error", "silent"])
    .default("info")
    .describe("The least important log lines that are written."),
});

/** The whole configuration, from `config.json` and the environment. */
export const Config = z
  .object({
    gateway: Gateway.readonly().prefault({}).describe("The server."),
    database: Database.readonly().prefault({}).describe("Where data is kept."),
    redis: Redis.readonly().prefault({}).describe("What joins several gateways."),
    encryption: Encryption.readonly().prefault({}).describe("Stored secrets."),
    egress: Egress.readonly().prefault({}).describe("Calls to other machines."),
    providers: Providers.readonly().prefault({}).describe("Model providers and MCP servers."),
    models: Models.readonly().prefault({}).describe("Models."),
    sessions: Sessions.readonly().prefault({}).describe("Sessions."),
    retention: Retention.readonly().prefault({}).describe("How long records stay."),
    runs: Runs.readonly().prefault({}).describe("Runs of agents."),
    tools: Tools.readonly().prefault({}).describe("Tools of agents."),
    skills: Skills.readonly().prefault({}).describe("Skills of agents."),
    sandbox: Sandbox.readonly().prefault({}).describe("The box around commands: what they may use of this machine."),
    mcp: Mcp.readonly().prefault({}).describe("MCP servers."),
    telemetry: Telemetry.readonly().prefault({}).describe("Traces of runs."),
    channels: Channels.readonly().prefault({}).describe("Accounts of agents on chat platforms."),
    log: Log.readonly().prefault({}).describe("Log lines, on standard error."),
  })
  .readonly()
  .superRefine(({ gateway }, context) => {
    if (gateway.auth === "none" && !isLoopback(gateway.host)) {
      context.addIssue({
        code: "custom",
        path: ["gateway", "auth"],
        message: 'may be "none" only while gateway.host is a loopback address such as 127.0.0.1',
      });
    }
    if (gateway.auth === "none" && gateway.allowed_origins.includes(ANY_ORIGIN)) {
      context.addIssue({
        code: "custom",
        path: ["gateway", "allowed_origins"],
        message: 'may be "*" only while gateway.auth is "token": any web page could act as an administrator',
      });
    }
  });
export type Config = z.infer<typeof Config>;

/** Returns whether `SecretBox` accepts the text as a key. */
export function isEncryptionKey(text: string): boolean {
  try {
    return parseEncryptionKey(text).length > 0;
  } catch {
    return false;
  }
}
