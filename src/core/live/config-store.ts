import { defineService } from "#core/service.ts";

/** The gateway's configuration, as an owner sees it. */
export interface ConfigState {
  /** Every key with its value: the environment's, else the file's, else the default. Secrets are `***`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Identifies the content of the file. */
  readonly hash: string;
  /** The path of the file on the gateway's machine. */
  readonly path: string;
  /** The keys that the file sets, such as `gateway.port`. */
  readonly from_file: readonly string[];
  /** The keys that the environment sets, such as `gateway.port`. It takes precedence over the file. */
  readonly from_environment: readonly string[];
  /** The keys whose values the gateway uses only after its next start. */
  readonly restart_keys: readonly string[];
  /** Sentences about settings without effect. */
  readonly warnings: readonly string[];
}

export interface ConfigChange {
  /** `apply` replaces the file. `patch` merges into it, and null removes a key. */
  readonly kind: "apply" | "patch";
  /** JSON5. */
  readonly raw: string;
  /** The hash of the file that the caller has seen. */
  readonly baseHash: string | undefined;
}

/** Reads and changes the configuration file of this gateway. */
export interface ConfigStore {
  /** Throws FAILED_PRECONDITION if somebody has edited the file so that it would not load. */
  read(): ConfigState;
  /** Returns the JSON Schema of the file. */
  schema(): Readonly<Record<string, unknown>>;
  /**
   * Changes the file and takes up what needs no restart. Calls `record` with the keys whose values change; if it
   * rejects, the change is undone. Throws INVALID_REQUEST for a stale hash and for what would not load, and
   * FAILED_PRECONDITION if the file cannot be read or written.
   */
  change(change: ConfigChange, record: (changed: readonly string[]) => Promise<void>): Promise<ConfigState>;
}

export const configStore = defineService<ConfigStore>("config-store");
