import { afterAll, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfigStore } from "#app/config/file/create-config-store.ts";
import { RunningConfig } from "#app/config/file/running-config.ts";
import { loadConfig } from "#app/config/load-config.ts";
import { openHome } from "#app/home/home.ts";
import { StartError } from "#app/start-error.ts";
import { createLogger } from "#base/logger.ts";
import type { ConfigChange } from "#core/live/config-store.ts";

const path = mkdtempSync(join(tmpdir(), "goclaw-store-"));
const env = { HOME: path, GOCLAW_HOME: path, GOCLAW_LOG_LEVEL: "silent" };
const home = openHome(env);
const logger = createLogger("silent");
const TEXT = "{ gateway: { rate_limit_rpm: 1 } }";
const PATCH: ConfigChange = { kind: "patch", raw: "{ gateway: { rate_limit_rpm: 2 } }", baseHash: undefined };

afterAll(() => rmSync(path, { recursive: true }));
beforeEach(() => writeFileSync(home.configFile, TEXT));

function open(requireEncryptionKeys = async () => {}) {
  const running = new RunningConfig(loadConfig({ home: path, env }).config, logger);
  return { running, store: createConfigStore({ home, env, running, requireEncryptionKeys }) };
}
const cannotRecord = () => Promise.reject(new Error("the database is away"));

test("a change that cannot be recorded is undone, and the next one works", async () => {
  const { running, store } = open();
  await expect(store.change(PATCH, cannotRecord)).rejects.toThrow("the database is away");
  expect(readFileSync(home.configFile, "utf8")).toBe(TEXT);
  expect(running.live.gateway.rate_limit_rpm).toBe(1);
  await store.change(PATCH, async () => {});
  expect(running.live.gateway.rate_limit_rpm).toBe(2);
});

test("where there was no file, none is left", async () => {
  const { store } = open();
  rmSync(home.configFile);
  await expect(store.change(PATCH, cannotRecord)).rejects.toThrow("the database is away");
  expect(existsSync(home.configFile)).toBe(false);
});

test("a change is recorded with its keys, and one without an effect is not recorded", async () => {
  const { store } = open();
  const recorded: (readonly string[])[] = [];
  const record = async (changed: readonly string[]) => void recorded.push(changed);
  await store.change(PATCH, record);
  await store.change(PATCH, record);
  expect(recorded).toEqual([["gateway.rate_limit_rpm"]]);
});

test("without a key of stored secrets, the change is refused, and others are not", async () => {
  const { store } = open(() => Promise.reject(new StartError("a key is lost")));
  const change = store.change({ ...PATCH, raw: `{ encryption: { keys: ["${"k".repeat(32)}"] } }` }, async () => {});
  await expect(change).rejects.toMatchObject({
    code: "INVALID_REQUEST",
    params: { problem: "a key is lost" },
    options: { reason: "config_unusable" },
  });
  expect(readFileSync(home.configFile, "utf8")).toBe(TEXT);
  expect(await store.change(PATCH, async () => {})).toMatchObject({ path: home.configFile });
});

test("the file of a start after each change is the one that the change promised", async () => {
  const { store } = open();
  const { config, hash } = await store.change({ ...PATCH, raw: "{ runs: { max_attempts: 7 } }" }, async () => {});
  expect(loadConfig({ home: path, env }).config.runs.max_attempts).toBe(7);
  expect(config.runs).toMatchObject({ max_attempts: 7 });
  expect(open().store.read()).toMatchObject({ hash, restart_keys: [] });
});
