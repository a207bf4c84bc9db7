import { expect, test } from "bun:test";
import { breakCall, FAULT, replaceCall } from "#e2e/answer-call.ts";
import { chooseOption } from "#e2e/choose-option.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

const TABS = ["overview", "instructions", "model", "tools", "skills", "memory", "people", "runs", "code"];

describePages("the agents of a company", { data: "rich" }, (dashboard) => {
  test("are found as a table and as cards, by an address that can be shared", async () => {
    const page = await dashboard.open("/agents");
    await page.getByRole("row", { name: /Customer Support/ }).waitFor();
    await page.getByRole("radio", { name: "Cards" }).click();
    await page.getByRole("searchbox").fill("gemini");
    await page.getByRole("heading", { name: "Customer Support" }).waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?view=cards&q=gemini");
    await page.reload();
    await page.getByRole("heading", { name: "Lễ tân" }).waitFor();
    expect(await page.getByRole("article").count()).toBe(2);
    await page.getByRole("searchbox").fill("nothing has this name");
    await page.getByText("No agent matches").waitFor();
    page.expectNoProblems();
  });

  test.each(TABS)("the tab %s of an agent fits, is accessible and can be read by a viewer", async (tab) => {
    const [page, phone, viewers] = await Promise.all([
      dashboard.open(`/agents/support?tab=${tab}`, { theme: "dark" }),
      dashboard.open(`/agents/support?tab=${tab}`, { viewport: "phone", language: "vi" }),
      dashboard.open(`/agents/support?tab=${tab}`, { as: "viewer" }),
    ]);
    for (const each of [page, phone, viewers]) {
      expect(await each.getByRole("heading", { level: 1 }).textContent()).toContain("Customer Support");
      expect(await each.evaluate<number>("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      expect(await each.getByRole("alert").count()).toBe(0);
      await expectAccessible(each);
      each.expectNoProblems();
    }
    expect(await viewers.getByRole("button", { name: "Save" }).count()).toBe(0);
    const isForOwner = ["instructions", "people"].includes(tab);
    expect((await viewers.getByText("You may not see this").count()) > 0).toBe(isForOwner);
    expect(await viewers.getByRole("link", { name: "Instructions" }).count()).toBe(0);
    await Promise.all([page, phone, viewers].map((each) => each.context().close()));
  });

  test("settings are changed by keyboard alone, kept between tabs and saved", async () => {
    const page = await dashboard.open("/agents/writer");
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Copywriter");
    await page.getByText("1 unsaved change").waitFor();
    await page.getByText("Tries what is saved").waitFor();
    await page.getByRole("link", { name: "Model", exact: true }).press("Enter");
    await page.getByLabel("Longest answer").fill("2500");
    await page.getByText("2 unsaved changes").waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("2 unsaved changes").waitFor({ state: "detached" });
    const { body } = await dashboard.call("GET", "/v1/agents/writer");
    expect(body).toMatchObject({ display_name: "Copywriter", max_tokens: 2_500, model: "claude-opus-5-5" });
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("Copywriter");
    page.expectNoProblems();
  });

  test("a draft is tried before it is saved, with the file that is being written", async () => {
    const page = await dashboard.open("/agents/release?tab=model");
    const stored = (await dashboard.call("GET", "/v1/agents/release")).body;
    const trial = page.getByRole("region", { name: "Try it" });
    const say = async (text: string) => {
      await trial.getByLabel("Message", { exact: true }).fill(text);
      await page.keyboard.press("Enter");
      await trial.getByText(`echo: ${text}`).waitFor();
    };
    await say("As saved");
    expect(dashboard.lastBody().model).toBe(stored.model);
    await page.getByRole("combobox", { name: "Model" }).click();
    await page.keyboard.type("drafted-model");
    await page.keyboard.press("Enter");
    await trial.getByText("Tries your changes").waitFor();
    await expectAccessible(page);
    await say("As drafted");
    expect(dashboard.lastBody().model).toBe("drafted-model");
    await page.getByRole("link", { name: "Instructions" }).click();
    await page.getByRole("link", { name: /^SOUL.md/ }).click();
    await page.getByRole("textbox", { name: /SOUL.md/ }).fill("Speak like a poet.");
    await say("As written");
    expect(dashboard.lastBody().model).toBe("drafted-model");
    expect(dashboard.lastSystem()).toContain("Speak like a poet.");
    expect((await dashboard.call("GET", "/v1/agents/release")).body).toEqual(stored);
    const { file } = (await dashboard.call("GET", "/v1/agents/release/files/SOUL.md")).body;
    expect(file.content ?? "").not.toContain("poet");
    await page.getByRole("button", { name: "Discard" }).first().click();
    page.expectNoProblems();
  });

  test("what cannot be tried before it is saved is said to", async () => {
    const page = await dashboard.open("/agents/analyst");
    await page.getByLabel("Name", { exact: true }).fill("Interpreter");
    await page.getByText("Tries what is saved").waitFor();
    await page.getByRole("link", { name: "Model", exact: true }).click();
    await page.getByLabel("Longest answer").fill("900");
    await page.getByText("Some changes need saving").waitFor();
    await page.getByLabel("Longest answer").fill("1.5");
    await page.getByLabel("Message", { exact: true }).fill("Hello");
    await page.keyboard.press("Enter");
    await page
      .getByRole("region", { name: "Try it" })
      .getByText(/max_tokens/)
      .waitFor();
    page.expectNoProblems();
  });

  test("a draft stays while somebody else changes something else", async () => {
    const page = await dashboard.open("/agents/shichang-yanjiu?tab=skills");
    await page.getByRole("switch", { name: "Pin data-summary" }).click();
    await page.getByRole("link", { name: "Model", exact: true }).click();
    await page.getByRole("combobox", { name: "Model" }).click();
    await page.keyboard.type("another-model");
    await page.keyboard.press("Enter");
    await page.getByText("2 unsaved changes").waitFor();
    await dashboard.call("PUT", "/v1/agents/shichang-yanjiu", { display_name: "Research", max_tokens: 77 });
    await page.getByRole("heading", { level: 1 }).getByText("Research").waitFor();
    expect(await page.getByLabel("Longest answer").inputValue()).toBe("77");
    await page.getByText("2 unsaved changes").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("2 unsaved changes").waitFor({ state: "detached" });
    const { body } = await dashboard.call("GET", "/v1/agents/shichang-yanjiu");
    expect(body).toMatchObject({ display_name: "Research", max_tokens: 77, model: "another-model" });
    expect(body.other_config).toEqual({ pinned_skills: ["data-summary"] });
    page.expectNoProblems();
  });

  test("what the gateway refuses is said at its field", async () => {
    const page = await dashboard.open("/agents/writer?tab=model");
    await page.getByLabel("Context window").fill("900000000");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Context window").and(page.locator("[aria-invalid]")).waitFor();
    await page.getByRole("button", { name: "Discard" }).click();
    expect(await page.getByLabel("Context window").inputValue()).toBe("200000");
    page.expectNoProblems();
  });

  test("unsaved changes are not left by accident", async () => {
    const page = await dashboard.open("/agents/analyst");
    await page.getByLabel("Expertise").fill("Numbers");
    await page.getByRole("navigation").getByRole("link", { name: "Runs" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByLabel("Expertise").inputValue()).toBe("Numbers");
    await page.getByRole("navigation").getByRole("link", { name: "Usage" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Leave without saving" }).click();
    await page.waitForURL(/\/usage/);
    page.expectNoProblems();
  });

  test("a file is written, and the prompt beside it follows", async () => {
    const page = await dashboard.open("/agents/release?tab=instructions&item=CAPABILITIES.md");
    await page.getByLabel("CAPABILITIES.md").fill("- reads build logs <b>quickly</b>");
    await page.getByRole("link", { name: /SOUL\.md/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("CAPABILITIES.md is saved").first().waitFor();
    await page.getByText("The whole text").click();
    await page.locator("pre", { hasText: "reads build logs <b>quickly</b>" }).waitFor();
    await page.getByRole("list", { name: "Parts of the prompt" }).getByText("CAPABILITIES.md").waitFor();
    page.expectNoProblems();
  });

  test("each tool says whether the agent has it and which rule decided", async () => {
    await dashboard.call("PUT", "/v1/agents/analyst", {
      tools_config: { profile: "minimal", alsoAllow: ["datetime"] },
    });
    const page = await dashboard.open("/agents/analyst?tab=tools");
    const rowOf = async (tool: string) => {
      await page.getByRole("searchbox", { name: "Search tools" }).fill(tool);
      const row = page.getByRole("row", { name: new RegExp(`^${tool}`) });
      await row.waitFor();
      return row.textContent();
    };
    expect(await rowOf("datetime")).toContain("“Also” adds it");
    expect(await rowOf("web_fetch")).toContain("Out");
    await page.keyboard.press("Enter");
    expect(await page.getByText(/unsaved/).count()).toBe(0);
    await page.getByRole("button", { name: "Give: web_fetch" }).click();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page
      .getByRole("row", { name: /^web_fetch/ })
      .getByText("“Also” adds it")
      .waitFor();
    page.expectNoProblems();
  });

  test("an agent is tried beside its form", async () => {
    const page = await dashboard.open("/agents/support");
    await page.getByLabel("Message", { exact: true }).fill("Is it open?");
    await page.keyboard.press("Enter");
    await page.getByRole("article", { name: "Customer Support" }).getByText("Is it open?").waitFor();
    await page.getByRole("link", { name: "People" }).click();
    await page.getByText("Who talks with it").waitFor();
    await page.getByRole("link", { name: "Memory" }).click();
    await page.getByRole("article", { name: "Customer Support" }).getByText("Is it open?").waitFor();
    await page.getByRole("button", { name: "Begin again" }).click();
    await page.getByText("Say something to Customer Support").waitFor();
    page.expectNoProblems();
  });

  test("it is shared and taken back, with undo", async () => {
    const page = await dashboard.open("/agents/analyst?tab=people");
    await page.getByLabel("User", { exact: true }).fill("nina");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove nina" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Remove nina" }).waitFor();
    page.expectNoProblems();
  });

  test("it hands tasks to another agent, until the link is taken back", async () => {
    const page = await dashboard.open("/agents/analyst?tab=tools");
    await page.getByRole("combobox", { name: "To" }).click();
    await page.getByRole("option", { name: /Release Engineer/ }).click();
    await page.getByLabel("When", { exact: true }).fill("Questions about builds");
    await page.getByRole("button", { name: "Add link" }).click();
    const link = page.getByRole("listitem").filter({ hasText: "Questions about builds" });
    await link.getByRole("switch").click();
    await link.getByRole("switch", { checked: false }).waitFor();
    await link.getByRole("button", { name: "Remove Release Engineer" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await link.waitFor();
    page.expectNoProblems();
  });

  test("it is switched off at once, and back by undo", async () => {
    const page = await dashboard.open("/agents/release");
    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByRole("heading", { level: 1 }).getByText("Off").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("heading", { level: 1 }).getByText("Active").waitFor();
    page.expectNoProblems();
  });

  test("a call that fails leaves the rest of the page alone", async () => {
    const page = await dashboard.open("/agents/support");
    await breakCall(page, "agents.system-prompt-preview");
    await page.goto("/agents/support?tab=instructions");
    await page.getByText(FAULT).waitFor();
    await page.getByLabel("AGENTS.md").waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    page.expectNoProblems();
  });

  test("one that is not there is said", async () => {
    const page = await dashboard.open("/agents/nobody");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    page.expectNoProblems();
  });
});

describePages("agents of a new gateway", {}, (dashboard) => {
  test("are made by keyboard, tried and deleted by name", async () => {
    const page = await dashboard.open("/agents");
    await page.getByRole("button", { name: "New agent" }).first().press("Enter");
    await page.keyboard.type("Trợ lý số 1");
    expect(await page.getByLabel(/^Key/).inputValue()).toBe("tro-ly-so-1");
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Provider" }).and(page.locator("[aria-invalid]")).waitFor();
    await chooseOption(page, "Provider", "openai");
    await chooseOption(page, "Model", "some-model");
    await page.getByRole("dialog").getByRole("button", { name: "New agent" }).press("Enter");
    await page.waitForURL(/\/agents\/tro-ly-so-1/);
    await page.getByRole("button", { name: "Delete agent" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete agent" });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByRole("dialog").getByRole("textbox").fill("tro-ly-so-1");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/agents$/);
    expect((await dashboard.call("GET", "/v1/agents/tro-ly-so-1")).status).toBe(404);
    page.expectNoProblems();
  });

  test("whose model writes their files say how far they are", async () => {
    const { promise: hold, resolve: finish } = Promise.withResolvers<void>();
    dashboard.model.enqueue({ text: ["nothing "], hold });
    const key = await dashboard.anAgent("openai", { agent_description: "Waters the plants" });
    const page = await dashboard.open(`/agents/${key}`);
    await page.getByText("The agent is being made").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByText("The agent is being made").waitFor({ state: "detached" });
    finish();
    page.expectNoProblems();
  });

  test("are none for somebody who has none, who is told what an agent is", async () => {
    const page = await dashboard.open("/agents", { as: "operator" });
    await replaceCall(page, "agents.list", { agents: [] });
    await page.reload();
    await page.getByText("There are no agents yet").waitFor();
    expect(await page.getByRole("button", { name: "New agent" }).count()).toBeGreaterThan(0);
    page.expectNoProblems();
  });
});
