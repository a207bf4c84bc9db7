import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import JSON5 from "json5";
import { configTemplate } from "#app/config/config-template.ts";
import { loadConfig } from "#app/config/load-config.ts";
import { readSettings } from "#app/config/settings.ts";

test("the template sets nothing", () => {
  const sections: Record<string, unknown> = JSON5.parse(configTemplate());
  expect(Object.values(sections).every((section) => Object.keys(section as object).length === 0)).toBe(true);
});

test("every key can be set by removing its slashes", () => {
  const home = mkdtempSync(join(tmpdir(), "goclaw-template-"));
  const text = configTemplate().replaceAll(/^( +)\/\/ (\w+: .*,)$/gm, "$1$2");
  writeFileSync(join(home, "config.json"), text);
  const { config, warnings } = loadConfig({ home, env: {} });
  rmSync(home, { recursive: true });

  expect(warnings).toEqual([expect.stringContaining("redis.url")]);
  const keysSet = Object.entries(config).flatMap(([section, keys]) =>
    Object.keys(keys).map((key) => `${section}.${key}`),
  );
  expect(keysSet.sort()).toEqual(
    readSettings()
      .all.map(({ path }) => path.join("."))
      .sort(),
  );
});

test("every key has a description, and no variable sets two keys", () => {
  const { all } = readSettings();
  expect(all.every(({ description }) => description.endsWith("."))).toBe(true);
  const variables = all.flatMap(({ environment }) => environment);
  expect(new Set(variables).size).toBe(variables.length);
});
