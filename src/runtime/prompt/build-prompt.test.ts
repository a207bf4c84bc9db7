import { expect, test } from "bun:test";
import type { TenantDatabase } from "#db/database.ts";
import { buildSystemPrompt } from "#runtime/prompt/build-prompt.ts";
import { combinePromptSources, type PromptSection, type PromptSubject } from "#runtime/prompt/prompt-source.ts";

const aSection = (text: string, more: Partial<PromptSection> = {}): PromptSection => ({
  name: text,
  text,
  place: "stable",
  maxChars: 100,
  ...more,
});

test("stable sections come first, then volatile ones, then the caller's instructions", () => {
  const sections = [aSection("now", { place: "volatile" }), aSection("who"), aSection("how")];
  expect(buildSystemPrompt(sections, "be brief")).toBe(
    "who\n\nhow\n\nnow\n\n<instructions>\nbe brief\n</instructions>",
  );
  expect(buildSystemPrompt(sections, undefined)).toBe("who\n\nhow\n\nnow");
});

test("a section over its budget loses its middle", () => {
  const text = buildSystemPrompt([aSection(`${"a".repeat(100)}${"z".repeat(100)}`)], undefined);
  expect(text.length).toBeLessThanOrEqual(100);
  expect(text).toMatch(/^a+\n\[… cut …\]\nz+$/);
});

test("the sections of several sources keep the order of the sources", async () => {
  const sourceOf = (text: string) => ({ load: async () => [aSection(text)] });
  const combined = combinePromptSources([sourceOf("first"), sourceOf("second")]);
  const sections = await combined.load({} as TenantDatabase, {} as PromptSubject);
  expect(sections.map(({ text }) => text)).toEqual(["first", "second"]);
});

test("a section replaces an earlier source's section of the same name, in its place", async () => {
  const agent = { load: async () => [aSection("who"), aSection("everybody", { name: "user" }), aSection("how")] };
  const user = { load: async () => [aSection("ada", { name: "user" })] };
  const sections = await combinePromptSources([agent, user]).load({} as TenantDatabase, {} as PromptSubject);
  expect(sections.map(({ text }) => text)).toEqual(["who", "ada", "how"]);
});
