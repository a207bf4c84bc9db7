import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { LIVE_KEYS } from "#app/config/file/running-config.ts";
import { readSettings } from "#app/config/settings.ts";
import { VARIABLES } from "#cli/connection/variables.ts";
import { PROVIDER_TYPES, type ProviderTypeFacts } from "#models/provider-types.ts";
import { createProcessRunner } from "#processes/create-process-runner.ts";
import { DENY_GROUPS } from "#processes/deny-groups.ts";
import { TOOL_PROFILES } from "#runtime/tools/tool-policy.ts";
import { startTestGateway } from "#testing/test-gateway.ts";
import { UNUSED_MEDIA } from "#testing/tool-fixture.ts";
import { createBuiltinTools } from "#tools/create-builtin-tools.ts";

const ROOT = join(import.meta.dir, "..");
const TIMEOUT = 30_000;

const pages = [
  ...["README.md", "AGENTS.md", "CONTRIBUTING.md"],
  ...["docs/guide", "docs/decisions", "docs/reference"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

/** Returns the anchor that Markdown renderers generate for a heading. */
const toAnchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => toAnchor(heading));

/** Returns each `curl` command in the `sh` blocks of a page. */
const curlsOf = (text: string) =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .flatMap(([, block = ""]) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
    .filter((line) => line.startsWith("curl "))
    .map((line) => line.replace("curl", "curl -sS --fail-with-body"));

describe("the documents", () => {
  test.each(pages)("$path has no broken links", ({ path, text }) => {
    // A pattern in code may look like a link.
    const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]+`/g, "");
    for (const [, target = ""] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const page = file === "" ? join(ROOT, path) : join(ROOT, dirname(path), file);
      expect([target, existsSync(page)]).toEqual([target, true]);
      if (anchor !== undefined) expect(anchorsOf(readFileSync(page, "utf8"))).toContain(anchor);
    }
  });
});

describe("the guide names", () => {
  const textOf = (name: string) => pages.find(({ path }) => path === `docs/guide/${name}.md`)?.text ?? "";
  const everywhere = pages.flatMap(({ path, text }) => (/README|guide/.test(path) ? [text] : [])).join("\n");

  test("every type of provider, and its address", () => {
    const missing = Object.entries<ProviderTypeFacts>(PROVIDER_TYPES).flatMap(([type, { defaultBase = "" }]) => {
      const { host, pathname } = new URL(defaultBase || "http://none");
      const isThere = textOf("models").includes(`\`${type}\``) && (!defaultBase || textOf("models").includes(host));
      return isThere && (!defaultBase || textOf("models").includes(pathname)) ? [] : [type];
    });
    expect(missing).toEqual([]);
  });

  test("every tool, every profile and every kind of command that is refused", () => {
    const processes = createProcessRunner({ sandbox: { kind: "off" }, requiresSandbox: false, allowNetwork: "off" });
    const tools = createBuiltinTools({
      webFetchRules: {},
      webSearch: { keys: {}, bases: {} },
      media: UNUSED_MEDIA,
      exec: { processes, isForMasterOnly: false, denyGroups: {} },
    });
    const names = [...tools.keys(), ...TOOL_PROFILES, ...Object.keys(DENY_GROUPS)];
    expect(names.filter((name) => !textOf("tools").includes(`\`${name}\``))).toEqual([]);
  });

  test("every configuration key that needs no restart", () => {
    const [, section = ""] = /These take effect at once:([^\n]+)/.exec(textOf("operations")) ?? [];
    const keys = Object.entries(LIVE_KEYS).flatMap(([name, names]) =>
      names.map((key) => (section.includes(`\`${name}\``) ? key : `${name}.${key}`)),
    );
    expect(keys.filter((key) => !section.includes(`\`${key}\``))).toEqual([]);
  });

  test("only configuration keys and variables that exist, with their defaults", () => {
    const { all, sections } = readSettings();
    const keys = new Set(all.map(({ path }) => path.join(".")));
    const named = [...everywhere.matchAll(/`([a-z]+)\.([a-zA-Z_]+)(?=[`:])/g)]
      .filter(([, section = ""]) => sections.has(section))
      .map(([, section, key]) => `${section}.${key}`);
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
    const defaults = [...everywhere.matchAll(/^\| `([a-z]+\.[a-z_]+)` \| (\d+) \|/gm)].map(([, key, value]) => [
      key,
      value,
    ]);
    const known = new Map(all.map(({ path, defaultValue }) => [path.join("."), String(defaultValue)]));
    expect(defaults).toEqual(defaults.map(([key = ""]) => [key, known.get(key)]));
    expect([named.length > 10, defaults.length > 3]).toEqual([true, true]);
    const variables = new Set([
      ...all.flatMap(({ environment }) => environment),
      "GOCLAW_HOME",
      ...Object.values(VARIABLES),
    ]);
    const used = [...everywhere.matchAll(/\bGOCLAW_[A-Z_]+\b/g)].map(([name]) => name);
    expect(used.filter((name) => !variables.has(name) && !name.startsWith("GOCLAW_TEST_"))).toEqual([]);
  });
});

describe.skipIf(Bun.which("curl") === null)("the guide", async () => {
  const gateway = await startTestGateway();
  afterAll(() => gateway.stop());
  const guide = pages.filter(({ path }) => path.startsWith("docs/guide/"));

  test.each(guide)(
    "$path has commands that work unchanged",
    async ({ text }) => {
      for (const command of curlsOf(text)) {
        const env = { PATH: process.env.PATH, GOCLAW: gateway.url, AUTH: `Authorization: Bearer ${gateway.token}` };
        const child = Bun.spawn(["sh", "-c", command], { env, stdout: "pipe", stderr: "pipe" });
        const [answer, errors, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
        expect({ command, answer, errors, exitCode }).toMatchObject({ exitCode: 0 });
      }
    },
    TIMEOUT,
  );
});
