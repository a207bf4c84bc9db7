import { expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { RICH_MCP } from "#testing/browser/rich-data/add-tools.ts";
import { aSkillZip } from "#testing/skills/skill-archive.ts";

const PLACES = [
  "/tools?tab=builtin&item=web_fetch",
  "/tools?tab=skills&item=release-notes",
  "/tools?tab=skills&item=release-notes&part=changes",
  "/tools?tab=skills&item=release-notes&part=grants",
  "/tools?tab=skills&item=release-notes&part=about",
];

const toFile = (archive: Uint8Array) => ({
  name: "skill.zip",
  mimeType: "application/zip",
  buffer: Buffer.from(archive),
});

describePages("the tools of a company", { data: "rich" }, (dashboard) => {
  test.each(PLACES)("the details at %s fit and are accessible", async (path) => {
    const [page, phone, viewers] = await Promise.all([
      dashboard.open(path),
      dashboard.open(path, { viewport: "phone", theme: "dark", language: "zh" }),
      dashboard.open(path, { as: "viewer" }),
    ]);
    for (const each of [page, phone, viewers]) {
      await each.getByRole("dialog").waitFor();
      expect(await each.getByRole("alert").count()).toBe(0);
      await expectAccessible(each);
      each.expectNoProblems();
      await each.context().close();
    }
  });

  test("a tool of the gateway is found, switched off and set", async () => {
    const page = await dashboard.open("/tools");
    await page.getByRole("searchbox").fill("web_fetch");
    await page.getByRole("switch", { name: "web_fetch is on" }).click();
    await page.getByRole("switch", { name: "web_fetch is on", checked: false }).waitFor();
    await page.getByRole("link", { name: "web_fetch" }).click();
    await page.getByLabel("allowed_domains").fill("example.com");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("web_fetch is saved").first().waitFor();
    const { body } = await dashboard.call("GET", "/v1/tools/builtin/web_fetch");
    expect(body).toMatchObject({ enabled: false, settings: { allowed_domains: ["example.com"] } });
    await dashboard.call("PUT", "/v1/tools/builtin/web_fetch", { enabled: true });
    page.expectNoProblems();
  });

  test("a custom tool is made, refused where it is wrong, tried and deleted", async () => {
    const page = await dashboard.open("/tools?tab=custom");
    await page.getByRole("button", { name: "New tool" }).press("Enter");
    await page.keyboard.type("Not A Name");
    await page.getByLabel(/^Command/).fill("printf %s {{.host}}");
    await page.getByRole("dialog").getByRole("button", { name: "New tool" }).click();
    await page.getByLabel(/^Name/).and(page.locator("[aria-invalid]")).waitFor();
    await page.getByLabel(/^Name/).fill("say_host");
    await page.getByLabel("Parameters").fill("{ not json");
    await page.getByRole("dialog").getByRole("button", { name: "New tool" }).click();
    await page.getByText("This must be a JSON object").waitFor();
    await page
      .getByLabel("Parameters")
      .fill('{"type":"object","properties":{"host":{"type":"string"}},"required":["host"]}');
    await page.getByRole("dialog").getByRole("button", { name: "New tool" }).click();
    await page.getByRole("link", { name: "say_host" }).click();
    await page.getByLabel("Arguments").fill('{"host":"example.org"}');
    await page.getByRole("button", { name: "Dry run" }).click();
    await page.getByText("The agent has this tool").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByLabel("Type say_host to confirm").fill("say_host");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "say_host" }).waitFor({ state: "detached" });
    page.expectNoProblems();
  });

  test("a server is tried before it is stored, and says what is wrong with it", async () => {
    const page = await dashboard.open("/tools?tab=mcp");
    await page.getByRole("button", { name: "Add server" }).click();
    await page.getByLabel(/^Address/).fill("http://127.0.0.1:1/mcp");
    await page.getByRole("button", { name: "Test" }).click();
    await page.getByRole("dialog").getByRole("alert").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Drop it" }).click();
    await page.getByRole("link", { name: "Tickets" }).click();
    await page.getByText(/It answers, with \d+ tools/).waitFor();
    await page.getByRole("dialog").getByText("Connected", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Access" }).click();
    await page.getByRole("button", { name: "Remove Release Engineer" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Remove Release Engineer" }).waitFor();
    expect(page.url()).toContain("part=access");
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("a server that does not answer is said to", async () => {
    const page = await dashboard.open("/tools?tab=mcp");
    await page.getByRole("link", { name: "Warehouse" }).click();
    await page.getByText("It does not answer").waitFor();
    await page.getByRole("dialog").getByText("Failed", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Connection" }).click();
    const story = page.getByRole("list", { name: "Connection" });
    await story.getByText("Failed").first().waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("the state of a server changes on the page as it changes", async () => {
    const page = await dashboard.open("/tools?tab=mcp");
    const row = page.getByRole("row").filter({ hasText: "Tickets" });
    const { servers } = (await dashboard.call("GET", "/v1/mcp/servers")).body;
    const path = `/v1/mcp/servers/${servers.find(({ name }: { readonly name: string }) => name === RICH_MCP.working).id}`;
    for (let round = 0; round < 2; round++) {
      await dashboard.call("GET", `${path}/tools`);
      await row.getByText("Connected", { exact: true }).waitFor();
      await dashboard.call("POST", `${path}/reconnect`, {});
      await row.getByText("Not connected", { exact: true }).waitFor();
    }
    page.expectNoProblems();
  });

  test("credentials of one's own are stored and forgotten", async () => {
    const page = await dashboard.open("/tools?tab=mcp", { as: "operator" });
    await page.getByRole("link", { name: "Tickets" }).click();
    await page.getByRole("tab", { name: "Your credentials" }).click();
    await page.getByLabel("API key").fill("planted-key");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("You have stored credentials").waitFor();
    expect(await page.content()).not.toContain("planted-key");
    await page.getByRole("button", { name: "Forget them" }).click();
    await page.getByText("You have stored none").waitFor();
    page.expectNoProblems();
  });

  test("a request for access is reviewed, and seen by who made it", async () => {
    const asker = await dashboard.open("/tools?tab=mcp", { as: "viewer" });
    await asker.getByRole("link", { name: "Warehouse" }).click();
    await asker.getByRole("tab", { name: "Access" }).click();
    await asker.getByLabel("Reason").fill("To count boxes <script>alert(1)</script>");
    await asker.getByRole("button", { name: "Ask for access" }).click();
    await asker.getByText("Your request is on its way").first().waitFor();
    const page = await dashboard.open("/tools?tab=mcp");
    const row = page.getByRole("listitem").filter({ hasText: "lan wants to use Warehouse" });
    await row.getByText("To count boxes <script>").waitFor();
    await row.getByRole("button", { name: "Approve" }).click();
    await row.waitFor({ state: "detached" });
    asker.expectNoProblems();
    page.expectNoProblems();
  });

  test("a skill is uploaded, gets a next version, and its changes are seen", async () => {
    const page = await dashboard.open("/tools?tab=skills");
    const picker = page.locator("input[type=file]");
    await picker.setInputFiles(toFile(aSkillZip({ name: "tea-time", body: "# Boil water" })));
    await page.getByText("tea-time is here, as version 1").waitFor();
    await picker.setInputFiles(toFile(aSkillZip({ name: "tea-time", body: "# Boil fresh water" })));
    await page.getByText("tea-time is here, as version 2").waitFor();
    await page.getByRole("link", { name: "tea-time" }).click();
    await page.getByRole("tab", { name: "Changes" }).click();
    const diff = page.getByRole("region", { name: "SKILL.md" });
    await diff.getByText("# Boil fresh water").waitFor();
    expect(await diff.textContent()).toContain("# Boil water");
    await page.keyboard.press("Escape");
    await picker.setInputFiles(toFile(new TextEncoder().encode("no archive")));
    await page.getByText("The skill was not taken").waitFor();
    page.expectNoProblems(/400/);
  });

  test("a viewer sees everything and changes nothing", async () => {
    for (const tab of ["builtin", "custom", "mcp", "skills"]) {
      const page = await dashboard.open(`/tools?tab=${tab}`, { as: "viewer" });
      await page.getByRole("table").waitFor();
      expect(await page.getByRole("switch").first().isDisabled()).toBe(true);
      for (const name of ["New tool", "Add server", "Choose a ZIP"])
        expect(await page.getByRole("button", { name }).count()).toBe(0);
      page.expectNoProblems();
      await page.context().close();
    }
  });

  test("a call that fails is said, and can be repeated", async () => {
    const page = await dashboard.open("/tools");
    await breakCall(page, "mcp.servers.list");
    await page.goto("/tools?tab=mcp");
    await page.getByText(FAULT).waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    expect(await page.getByText("1 request to review").count()).toBe(1);
    page.expectNoProblems();
  });
});

describePages("tools of a new gateway", {}, (dashboard) => {
  test.each([
    ["custom", "There are no custom tools yet", "New tool"],
    ["mcp", "There are no MCP servers yet", "Add server"],
  ])("of the kind %s are none, and the next step is offered", async (tab, text, step) => {
    const page = await dashboard.open(`/tools?tab=${tab}`);
    await page.getByText(text).waitFor();
    await page.getByRole("button", { name: step }).click();
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });
});
