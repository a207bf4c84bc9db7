import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRunToolsSource } from "#runtime/tools/run-tools.ts";
import { createRuleOf, selectTools, ToolPolicy, type ToolRule } from "#runtime/tools/tool-policy.ts";
import { createBuiltinToolSource } from "#runtime/tools/tool-source.ts";
import { aToolEnvironment, UNUSED_MEDIA } from "#testing/tool-fixture.ts";
import { createBuiltinTools } from "#tools/create-builtin-tools.ts";

const tools = createBuiltinTools({ webFetchRules: {}, webSearch: { keys: {}, bases: {} }, media: UNUSED_MEDIA });
const all = [...tools.keys()].sort();
const FS = ["edit", "list_files", "read_file", "write_file"];
const WEB = ["web_fetch", "web_search"];
const MEDIA = ["read_audio", "read_document", "read_image"];
const SESSIONS = ["session_status", "sessions_history", "sessions_list"];

function select(global: object, agent: object = {}, disabled: readonly string[] = [], provider = "openai") {
  const rules = {
    global: ToolPolicy.parse(global),
    agent: ToolPolicy.parse(agent),
    provider,
    disabled: new Set(disabled),
  };
  return [...selectTools(tools, rules).keys()].sort();
}

describe("the rule about a tool", () => {
  const ruleOf = (global: object, agent: object, disabled: readonly string[] = []) => {
    const input = { global: ToolPolicy.parse(global), agent: ToolPolicy.parse(agent), provider: "openai" };
    const rule = createRuleOf({ ...input, disabled: new Set(disabled) });
    const tool = tools.get("edit");
    if (!tool) throw new Error("there is a tool edit");
    return rule("edit", tool);
  };

  const cases: readonly (readonly [rule: ToolRule, global: object, agent: object, disabled?: readonly string[]])[] = [
    ["profile", {}, {}],
    ["switched_off", { alsoAllow: ["edit"] }, {}, ["edit"]],
    ["operator_allow", { allow: ["group:web"] }, { alsoAllow: ["edit"] }],
    ["operator_deny", { deny: ["edit"] }, { alsoAllow: ["edit"] }],
    ["agent_deny", {}, { deny: ["group:fs"] }],
    ["also_allow", {}, { deny: ["group:fs"], alsoAllow: ["edit"] }],
    ["also_allow", { deny: ["edit"], alsoAllow: ["edit"] }, {}],
    ["outside_profile", { profile: "minimal" }, {}],
    ["agent_allow", {}, { allow: ["read_file"] }],
  ];
  for (const [rule, global, agent, disabled] of cases) {
    test(`is ${rule} for ${JSON.stringify([global, agent])}`, () => {
      expect(ruleOf(global, agent, disabled)).toBe(rule);
    });
  }
});

describe("the tools of a run", () => {
  test("are all tools if no rule says otherwise", () => {
    expect(select({})).toEqual(all);
  });

  test("are the tools of the profile", () => {
    expect(select({ profile: "minimal" })).toEqual(["session_status"]);
    expect(select({ profile: "coding" })).toEqual([...FS, ...MEDIA, ...SESSIONS, ...WEB].sort());
    expect(select({ profile: "messaging" })).toEqual([...MEDIA, ...SESSIONS, ...WEB].sort());
    expect(select({ profile: "full" })).toEqual(all);
  });

  test("follow the most specific profile, and an unknown profile allows the fewest tools", () => {
    expect(select({ profile: "minimal" }, { profile: "full" })).toEqual(all);
    expect(select({ profile: "coding" }, { profile: "whatever" })).toEqual(["session_status"]);
    expect(select({ profile: "coding" }, { profile: "" })).toEqual([...FS, ...MEDIA, ...SESSIONS, ...WEB].sort());
    expect(select({ profile: "minimal" }, { profile: "constructor" })).toEqual(["session_status"]);
    const byProvider = { ollama: { profile: "minimal" } };
    expect(select({ profile: "coding", byProvider }, {}, [], "ollama")).toEqual(["session_status"]);
    expect(select({ byProvider }, {}, [], "openai")).toEqual(all);
    expect(select({ byProvider }, { byProvider: { ollama: { profile: "full" } } }, [], "ollama")).toEqual(all);
  });

  test("are those that every `allow` list names", () => {
    expect(select({ allow: ["group:fs", "web_fetch"] }, { allow: ["read_file", "web_fetch", "datetime"] })).toEqual([
      "read_file",
      "web_fetch",
    ]);
    expect(select({}, { allow: ["group:fs"], byProvider: { openai: { allow: ["edit"] } } })).toEqual(["edit"]);
    expect(select({ allow: [] })).toEqual(all);
  });

  test("are none that a `deny` list names", () => {
    expect(select({ deny: ["group:web"] }, { deny: ["edit", "group:sessions"] })).toEqual([
      ...["datetime", "list_files", "read_audio", "read_document", "read_file", "read_image", "write_file"],
    ]);
    expect(select({ deny: ["group:goclaw"] })).toEqual([]);
    expect(select({ byProvider: { openai: { deny: ["datetime"] } } })).not.toContain("datetime");
  });

  test("may exceed the profile by `alsoAllow`", () => {
    expect(select({ profile: "minimal", alsoAllow: ["web_fetch"] })).toEqual(["session_status", "web_fetch"]);
    expect(select({ profile: "minimal" }, { alsoAllow: ["group:web"] })).toEqual(["session_status", ...WEB]);
    expect(select({}, { allow: ["edit"], deny: ["read_file"], alsoAllow: ["read_file"] })).toEqual([
      "edit",
      "read_file",
    ]);
  });

  test("never include a tool that the operator's lists leave out, whatever the agent's rules are", () => {
    expect(select({ deny: ["web_fetch"] }, { alsoAllow: ["web_fetch"] })).not.toContain("web_fetch");
    expect(select({ allow: ["read_file"] }, { profile: "full", alsoAllow: ["group:goclaw"] })).toEqual(["read_file"]);
  });

  test("never include a tool that the tenant switched off", () => {
    expect(select({ alsoAllow: ["edit"] }, { alsoAllow: ["edit"] }, ["edit"])).not.toContain("edit");
  });

  test("may be named by their aliases, and unknown names are ignored", () => {
    expect(select({}, { allow: ["edit_file", "nothing", "group:nothing", "group:", ""] })).toEqual(["edit"]);
    expect(select({}, { deny: ["nothing", "bash"] })).toEqual(all);
  });

  test("ignore malformed lists, and a malformed profile allows the fewest tools", () => {
    const odd = { allow: "read_file", deny: [1], alsoAllow: null, byProvider: { openai: "no" } };
    expect(select({}, odd)).toEqual(all);
    expect(select({}, { byProvider: [] })).toEqual(all);
    expect(select({}, { profile: 5 })).toEqual(["session_status"]);
  });

  test("are always a subset of what the operator allows, whatever the agent's rules are", () => {
    const names = fc.array(fc.constantFrom(...all, "group:web", "group:fs", "group:goclaw"), { maxLength: 4 });
    const rules = fc.record({ allow: names, deny: names, alsoAllow: names });
    fc.assert(
      fc.property(rules, rules, (global, agent) => {
        const denied = new Set(all.filter((name) => !select({ ...global, profile: "full" }).includes(name)));
        expect(select(global, agent).filter((name) => denied.has(name))).toEqual([]);
      }),
    );
  });
});

test("a run can call exactly the tools that it is offered", async () => {
  const source = createRunToolsSource({
    sources: [createBuiltinToolSource(tools)],
    policy: () => ({ deny: ["web_fetch"] }),
    deferral: { aboveTools: 40, aboveTokens: 10_000 },
    settings: { load: async () => ({ disabled: new Set(["datetime"]), of: () => ({ values: {}, secrets: {} }) }) },
  });
  const agent = { id: "a", provider: "openai", toolsConfig: { deny: ["group:sessions"] } };
  const run = await source.load(aToolEnvironment().db, { agent, userId: "ada" });
  expect(run.offered.map(({ name }) => name).sort()).toEqual([...FS, ...MEDIA, "web_search"].sort());
  expect(["edit", "web_fetch", "datetime", "session_status"].map((name) => run.find(name)?.name)).toEqual([
    "edit",
    undefined,
    undefined,
    undefined,
  ]);
});
