import { createHash } from "node:crypto";
import { z } from "zod";
import { differingKeys } from "#app/config/file/differing-keys.ts";
import { type ConfigDraft, draftConfig } from "#app/config/file/draft-config.ts";
import { keysOfFile, type ParsedConfig, parseConfig } from "#app/config/file/parse-config.ts";
import { parseSections, readConfigFile } from "#app/config/file/parse-sections.ts";
import type { RunningConfig } from "#app/config/file/running-config.ts";
import { showConfig } from "#app/config/file/show-config.ts";
import { writeConfig } from "#app/config/file/write-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { Config } from "#app/config/schema.ts";
import type { Home } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";
import { AppError, failedPrecondition } from "#base/errors.ts";
import type { ConfigChange, ConfigState, ConfigStore } from "#core/live/config-store.ts";

export interface ConfigStoreOptions {
  readonly home: Home;
  readonly env: Environment;
  readonly running: RunningConfig;
  /** Rejects with `StartError` if the configuration has lost a key that stored secrets need. */
  readonly requireEncryptionKeys: (config: Config) => Promise<void>;
}

/** Creates the store of the configuration file in the home. Changes wait for each other. */
export function createConfigStore({ home, env, running, requireEncryptionKeys }: ConfigStoreOptions): ConfigStore {
  const path = home.configFile;
  let lastChange: Promise<unknown> = Promise.resolve();

  const readText = () => readConfigFile(path) ?? "";
  const parse = (text: string) => parseConfig(text === "" ? {} : parseSections(text, path), { file: path, env });
  const stateOf = (text: string, parsed: ParsedConfig): ConfigState => ({
    config: showConfig(parsed),
    hash: hashOf(text),
    path,
    from_file: keysOfFile(parsed),
    from_environment: parsed.fromEnvironment,
    restart_keys: running.pendingKeys(parsed.config),
    warnings: parsed.warnings,
  });
  /**
   * Returns the configuration of the file, or the last good one if somebody has edited the file so that it would not
   * load.
   */
  const configOf = (text: string): Config => {
    try {
      return parse(text).config;
    } catch (thrown) {
      if (thrown instanceof StartError) return running.latest;
      throw thrown;
    }
  };
  const change = async (wanted: ConfigChange, record: (changed: readonly string[]) => Promise<void>) => {
    const before = refuseWith(fileUnusable, readText);
    if (wanted.baseHash !== undefined && wanted.baseHash !== hashOf(before)) throw hashMismatch();
    const draft: ConfigDraft = refuseWith(wouldNotLoad, () => draftConfig(wanted, before, { home, env }));
    if (draft.text !== before) {
      const changed = differingKeys(configOf(before), draft.config);
      if (changed.includes("encryption.keys")) {
        await requireEncryptionKeys(draft.config).catch((thrown: unknown) => {
          throw toRefusal(wouldNotLoad, thrown);
        });
      }
      await writeConfig(path, { before, after: draft.text }, () => record(changed));
    }
    running.take(draft.config);
    return stateOf(draft.text, draft);
  };

  return {
    read() {
      const text = refuseWith(fileUnusable, readText);
      return stateOf(
        text,
        refuseWith(fileUnusable, () => parse(text)),
      );
    },
    schema: () => z.toJSONSchema(Config, { io: "input" }),
    change(wanted, record) {
      const changed = lastChange.then(() => change(wanted, record));
      lastChange = changed.catch(() => {});
      return changed;
    },
  };
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Converts the `StartError` of a reader to a refusal. */
function refuseWith<Value>(refusal: Refusal, read: () => Value): Value {
  try {
    return read();
  } catch (thrown) {
    throw toRefusal(refusal, thrown);
  }
}

type Refusal = (error: StartError) => AppError;

const toRefusal = (refusal: Refusal, thrown: unknown): unknown =>
  thrown instanceof StartError ? refusal(thrown) : thrown;

const fileUnusable = ({ message: problem }: StartError) =>
  failedPrecondition("error.config_unusable", { problem }, "config_unusable");

const wouldNotLoad = ({ message: problem }: StartError) =>
  new AppError("INVALID_REQUEST", "error.config_unusable", { problem }, { reason: "config_unusable" });

const hashMismatch = () => new AppError("INVALID_REQUEST", "error.config_changed", {}, { reason: "hash_mismatch" });
