import { afterAll, describe, expect, test } from "bun:test";
import { AGENT, startToolGateway } from "#features/builtin-tools/tool-run-fixture.ts";
import { aSkillZip, toUpload } from "#testing/skills/skill-archive.ts";
import { testDialects } from "#testing/test-database.ts";

const SKILLS: Readonly<Record<string, string>> = {
  "invoice-check": "Check invoices for wrong totals and missing tax numbers",
  "weekly-report": "Báo cáo doanh thu hằng tuần của đội bán hàng",
  translator: "把文档翻译成中文，并检查术语",
  "meeting-notes": "Turn a recording into minutes with decisions and owners",
  htmlToPdf: "Render pages with the API of printServer",
};

describe.each([...testDialects()])("an agent with many skills on %s", async (dialect) => {
  const gateway = await startToolGateway({ dialect });
  const { call, model, useOne } = gateway;
  afterAll(gateway.stop);
  await gateway.anAgent(AGENT);
  const upload = async (name: string, description: string) => {
    const { id } = (await call("POST", "/v1/skills/upload", toUpload(aSkillZip({ name, description })))).body;
    await call("PUT", `/v1/skills/${id}`, { visibility: "public" });
  };
  const toolsAndPrompt = async () => {
    model.enqueue({ text: "done" });
    await call("POST", `/v1/agents/${AGENT}/wake`, { message: "hello" });
    const { body, messages } = model.requests.at(-1) ?? {};
    const tools = (body.tools ?? []).map((tool: { function: { name: string } }) => tool.function.name);
    return { tools, prompt: messages?.[0]?.text ?? "" };
  };

  test("searches for them as soon as the prompt cannot list them", async () => {
    for (const [name, description] of Object.entries(SKILLS)) await upload(name, description);
    const few = await toolsAndPrompt();
    expect(few.tools).toContain("use_skill");
    expect(few.tools).not.toContain("skill_search");
    expect(few.prompt).toContain("- invoice-check: Check invoices");
    for (let n = 0; n < 55; n++) await upload(`filler-${n}`, `Number ${n} of those that do nothing`);
    const many = await toolsAndPrompt();
    expect(many.tools).toContain("skill_search");
    expect(many.prompt).toContain("You have 63 skills.");
    expect(many.prompt).not.toContain("- invoice-check");
  });

  test.each([
    ["invoice totals", "invoice-check"],
    ["CHECK INVOICES", "invoice-check"],
    ["bao cao doanh thu", "weekly-report"],
    ["BÁO CÁO", "weekly-report"],
    ["doi ban hang", "weekly-report"],
    ["翻译", "translator"],
    ["帮我检查术语", "translator"],
    ["decisions of a meeting", "meeting-notes"],
    ["html to pdf", "htmltopdf"],
    ["print server", "htmltopdf"],
  ])("%p finds the skill that fits best", async (query, slug) => {
    const found = await useOne("skill_search", { query });
    expect(found.split("\n")[0]).toStartWith(`- ${slug}`);
  });

  test("returns at most as many as asked, and says so if nothing fits", async () => {
    expect((await useOne("skill_search", { query: "number nothing" })).split("\n")).toHaveLength(5);
    expect((await useOne("skill_search", { query: "number nothing", max_results: 2 })).split("\n")).toHaveLength(2);
    expect(await useOne("skill_search", { query: "zzz qqq" })).toBe("No skill fits. Try other words.");
    expect(await useOne("use_skill", { name: "invoices" })).toContain("Similar: invoice-check");
  });
});
