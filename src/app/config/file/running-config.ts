import { differingKeys } from "#app/config/file/differing-keys.ts";
import type { Config } from "#app/config/schema.ts";
import type { Logger } from "#base/logger.ts";

/** The keys whose new values take effect at once. All others need a restart. */
export const LIVE_KEYS = {
  gateway: [
    "owner_ids",
    "allowed_origins",
    "rate_limit_rpm",
    "rate_limit_scope",
    "quota",
    "responses_events",
    "max_message_chars",
  ],
  models: ["pricing"],
  tools: ["profile", "allow", "deny", "alsoAllow", "byProvider"],
  log: ["level"],
} as const satisfies { readonly [Section in keyof Config]?: readonly (keyof Config[Section])[] };

type LiveKeys = typeof LIVE_KEYS;
export type LiveSettings = {
  readonly [Section in keyof LiveKeys]: Pick<
    Config[Section],
    Extract<LiveKeys[Section][number], keyof Config[Section]>
  >;
};

const LIVE_NAMES = new Set<string>(
  Object.entries(LIVE_KEYS).flatMap(([section, keys]) => keys.map((key) => `${section}.${key}`)),
);

/** The configuration that the gateway uses: that of its start, with live keys as they were changed since. */
export class RunningConfig {
  readonly #started: Config;
  readonly #logger: Logger;
  #latest: Config;

  constructor(started: Config, logger: Logger) {
    this.#started = started;
    this.#logger = logger;
    this.#latest = started;
  }

  /** The present values of live keys. Ask for them at each use. */
  get live(): LiveSettings {
    return this.#latest;
  }

  /** The last configuration that was loaded. Only its live keys are sure to be in use. */
  get latest(): Config {
    return this.#latest;
  }

  /** Takes up the live keys of a new configuration. */
  take(config: Config): void {
    this.#latest = config;
    this.#logger.level = config.log.level;
  }

  /** Returns the keys whose values in a configuration are not those that the gateway uses. */
  pendingKeys(config: Config): readonly string[] {
    const needsRestart = differingKeys(this.#started, config).filter((key) => !LIVE_NAMES.has(key));
    const isUntaken = differingKeys(this.#latest, config).filter((key) => LIVE_NAMES.has(key));
    return [...needsRestart, ...isUntaken];
  }
}
