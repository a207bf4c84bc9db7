import { expect, test } from "bun:test";
import { z } from "zod";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import type { TenantDatabase } from "#db/database.ts";
import { defineTool } from "#runtime/tools/define-tool.ts";
import { createRunToolsSource } from "#runtime/tools/run-tools.ts";
import { createBuiltinToolSource, type ToolSet, type ToolSource } from "#runtime/tools/tool-source.ts";

const aTool = (name: string, description = "", isForMasterOnly = false) =>
  defineTool({
    name,
    group: "custom",
    description,
    arguments: z.object({}),
    isForMasterOnly,
    effect: () => "read",
    run: async () => "",
  });
const toSet = (version: unknown, ...tools: readonly ReturnType<typeof aTool>[]): ToolSet => ({
  version,
  tools: new Map(tools.map((tool) => [tool.name, tool])),
});
const settings = { disabled: new Set<string>(), of: () => ({ values: {}, secrets: {} }) };
const agent = { id: "a", provider: "openai", toolsConfig: {} };
const deferral = { aboveTools: 40, aboveTokens: 10_000 };
const POLICY = {};
const db = { tenantId: MASTER_TENANT_ID } as TenantDatabase;

function aSource(first: ToolSet) {
  let set = first;
  const source: ToolSource = { load: async () => set };
  return {
    source,
    change: (next: ToolSet) => {
      set = next;
    },
  };
}

const load = (sources: readonly ToolSource[]) => {
  const runTools = createRunToolsSource({
    sources,
    policy: () => POLICY,
    settings: { load: async () => settings },
    deferral,
  });
  return () => runTools.load(db, { agent, userId: "ada" });
};

test("a run has the tools of all sources, and the first source wins where two have a name", async () => {
  const one = aSource(toSet(1, aTool("clock", "ours"), aTool("notes")));
  const two = aSource(toSet(1, aTool("clock", "theirs"), aTool("weather")));
  const { offered, find } = await load([one.source, two.source])();
  expect(offered.map(({ name }) => name).toSorted()).toEqual(["clock", "notes", "weather"]);
  expect(find("clock")?.description).toBe("ours");
});

test("tools are decided once, and again when a source's version changes", async () => {
  const { source, change } = aSource(toSet(1, aTool("clock")));
  const next = load([source]);
  const first = await next();
  expect(await next()).toBe(first);
  change(toSet(2, aTool("weather")));
  expect((await next()).offered.map(({ name }) => name)).toEqual(["weather"]);
});

test("only the master tenant's agents have the tools that reach beyond a tenant", async () => {
  const { tools } = toSet(1, aTool("clock"), aTool("shell", "", true));
  const builtin = createBuiltinToolSource(tools);
  const namesFor = async (tenantId: TenantDatabase["tenantId"]) => {
    const set = await builtin.load({ tenantId } as TenantDatabase, { agent, userId: "ada" });
    return [...set.tools.keys()];
  };
  expect(await namesFor(MASTER_TENANT_ID)).toEqual(["clock", "shell"]);
  expect(await namesFor(toTenantId(newId()))).toEqual(["clock"]);
});

test("several users of one agent do not push out each other's tools", async () => {
  const ofUser = new Map([
    ["ada", toSet("for ada", aTool("clock"))],
    ["bob", toSet("for bob", aTool("weather"))],
  ]);
  const source: ToolSource = { load: async (_, { userId }) => ofUser.get(userId) ?? toSet("none") };
  const runTools = createRunToolsSource({
    ...{ sources: [source], policy: () => POLICY, deferral },
    settings: { load: async () => settings },
  });
  const ada = await runTools.load(db, { agent, userId: "ada" });
  const bob = await runTools.load(db, { agent, userId: "bob" });
  expect(bob).not.toBe(ada);
  expect(await runTools.load(db, { agent, userId: "ada" })).toBe(ada);
  expect(await runTools.load(db, { agent, userId: "bob" })).toBe(bob);
});
