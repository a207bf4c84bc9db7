import { describe, expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { RICH_TENANTS } from "#testing/browser/rich-data/add-people.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";

const OWNER = { as: "owner" } as const;

describePages("settings", { data: "rich" }, (dashboard) => {
  const tabsOf = async (as: "owner" | "admin" | "operator" | "viewer") => {
    const page = await dashboard.open("/settings", { as });
    const tabs = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    await tabs.first().waitFor();
    page.expectNoProblems();
    return { page, names: await tabs.allTextContents() };
  };

  test("offer each role what it may see, and open the first of that", async () => {
    expect((await tabsOf("owner")).names).toContain("Configuration");
    const admin = await tabsOf("admin");
    expect(admin.names).not.toContain("Configuration");
    expect(admin.names[0]).toBe("Providers");
    const viewer = await tabsOf("viewer");
    expect(viewer.names).toEqual(["Activity", "Browsers", "About"]);
    await viewer.page.getByText("You see what you did yourself").waitFor();
  });

  test("of a part that a person may not see show the first one that they may", async () => {
    const page = await dashboard.open("/settings?tab=configuration", { as: "viewer" });
    await page.getByText("You see what you did yourself").waitFor();
    page.expectNoProblems();
  });

  test.each([
    ["providers", "providers.list"],
    ["keys", "api_keys.list"],
    ["people", "tenants.list"],
    ["configuration", "config.get"],
    ["activity", "activity.list"],
    ["jobs", "jobs.list"],
    ["logs", "gateway.log"],
    ["browsers", "logins.list"],
  ])("say why the part %s could not be loaded, and offer to try again", async (tab, operation) => {
    const page = await dashboard.open(`/settings?tab=${tab}`, OWNER);
    await breakCall(page, operation);
    await page.reload();
    await page.getByRole("alert").getByText(FAULT).waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await page.context().close();
  });

  test("say why one of several parts could not be loaded, and leave the others", async () => {
    const page = await dashboard.open("/settings?tab=about", OWNER);
    await breakCall(page, "gateway.findings");
    await page.reload();
    await page.getByRole("alert").getByText(FAULT).waitFor();
    await page.getByText("WebSocket protocol").waitFor();
  });

  describe("of providers", () => {
    test("verify one with all of its keys, and link the agents that use it", async () => {
      const page = await dashboard.open("/settings?tab=providers", OWNER);
      await page.getByRole("link", { name: "OpenAI openai" }).click();
      const drawer = page.getByRole("dialog");
      await drawer.getByText("3 stored").waitFor();
      await drawer.getByRole("button", { name: "Verify" }).click();
      await drawer.getByText(/It works|does not work/).waitFor();
      expect(await drawer.getByRole("link").count()).toBeGreaterThan(0);
      page.expectNoProblems();
    });

    test("are made by the keyboard, and their keys are never shown", async () => {
      const page = await dashboard.open("/settings?tab=providers", OWNER);
      await page.getByRole("button", { name: "New provider" }).focus();
      await page.keyboard.press("Enter");
      const form = page.getByRole("dialog");
      await form.getByLabel(/^Name/).fill("spare");
      await form.getByLabel(/^API key/).fill("sk-never-shown");
      await form.getByRole("button", { name: "Add a key" }).click();
      await form.getByLabel("Key 2").fill("sk-second");
      await page.keyboard.press("Enter");
      const drawer = page.getByRole("dialog", { name: "spare" });
      await drawer.getByText("2 stored").waitFor();
      expect(await page.content()).not.toContain("sk-never-shown");
      await drawer.getByRole("button", { name: "Edit" }).click();
      await page.getByLabel("Shown as").fill("Spare one");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog", { name: "Spare one" }).getByText("2 stored").waitFor();
      page.expectNoProblems();
    });
  });

  describe("of keys", () => {
    test("show a new key once, in a command that works, and revoke it by name", async () => {
      const page = await dashboard.open("/settings?tab=keys", OWNER);
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel(/^Name/).fill("nightly");
      await page.keyboard.press("Enter");
      const shown = page.getByRole("dialog", { name: "Copy the key now: nightly" });
      const key = (await shown.locator("pre").first().textContent()) ?? "";
      expect(key).toStartWith("goclaw_");
      expect(await shown.locator("pre").nth(1).textContent()).toContain(key);
      await page.keyboard.press("Escape");
      await page.mouse.click(5, 5);
      expect(await shown.count()).toBe(1);
      const answer = await fetch(`${dashboard.url}/v1/models`, { headers: { Authorization: `Bearer ${key}` } });
      expect(answer.status).toBe(200);
      await shown.getByRole("button", { name: "I have copied it" }).click();
      expect(await page.content()).not.toContain(key);
      const row = page.getByRole("row").filter({ hasText: "nightly" });
      await row.getByRole("button", { name: "Revoke" }).click();
      await page.getByLabel("Type nightly to confirm").fill("nightly");
      await page.keyboard.press("Enter");
      await row.waitFor({ state: "detached" });
      await page.getByRole("radio", { name: "All" }).click();
      expect(await row.textContent()).toContain("Revoked");
      page.expectNoProblems();
    });
  });

  describe("of people", () => {
    test("change the role of a member, and take it back", async () => {
      const page = await dashboard.open("/settings?tab=people", OWNER);
      await page.getByRole("link", { name: "Northwind Outdoor" }).click();
      await page.getByRole("combobox", { name: "Role: bob" }).click();
      await page.getByRole("option", { name: "Operator" }).click();
      await page.getByText("bob: Operator", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByText("bob: Viewer", { exact: true }).waitFor();
      const { body } = await dashboard.call("GET", `/v1/tenants/${RICH_TENANTS.first}/users`, undefined, {
        user: "system",
      });
      expect(body.users).toContainEqual(expect.objectContaining({ user_id: "bob", role: "viewer" }));
      page.expectNoProblems();
    });

    test("make a tenant and delete it by its short name", async () => {
      const page = await dashboard.open("/settings?tab=people", OWNER);
      await page.getByRole("button", { name: "New tenant" }).click();
      await page.getByLabel(/^Name/).fill("Short lived");
      await page.getByLabel(/^Short name/).fill("short-lived");
      await page.keyboard.press("Enter");
      const drawer = page.getByRole("dialog", { name: "Short lived" });
      await drawer.getByText("Nobody is a member yet").waitFor();
      await drawer.getByRole("button", { name: "Delete" }).click();
      await page.getByLabel("Type short-lived to confirm").fill("short-lived");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "Short lived" }).waitFor({ state: "detached" });
      page.expectNoProblems();
    });
  });

  describe("of the configuration", () => {
    const open = (search: string) => dashboard.open(`/settings?tab=configuration&${search}`, OWNER);

    test("save a change, and say of one that it waits for a restart", async () => {
      const page = await open("item=gateway");
      await page.getByLabel("gateway.rate_limit_rpm").fill("600");
      await page.getByLabel("gateway.docs_auth").check();
      await page.getByText("2 changes are not saved").waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved. Some of it waits for the next start.", { exact: true }).waitFor();
      await page.getByText("Waits for a restart").first().waitFor();
      await page.reload();
      expect(await page.getByLabel("gateway.rate_limit_rpm").inputValue()).toBe("600");
      page.expectNoProblems();
    });

    test("lock what the environment sets, and name the variable", async () => {
      const page = await open("q=log.level");
      await page.getByText(/Set by the environment \(GOCLAW_LOG_LEVEL\)/).waitFor();
      expect(await page.getByRole("combobox", { name: "log.level" }).isDisabled()).toBe(true);
    });

    test("explain a conflict, show the newer value and save the own one only when asked again", async () => {
      const page = await open("q=sessions.retention_days");
      const field = page.getByLabel("sessions.retention_days");
      await field.fill("7");
      const other = await openSocket(dashboard, { user: "system" });
      await other.call("config.patch", { raw: "{ sessions: { retention_days: 99 } }" });
      await other.close();
      await page.getByText("Meanwhile it became 99").waitFor();
      await page.getByRole("button", { name: "Save" }).click();
      await field.and(page.locator("[value='7']")).waitFor();
      await page
        .getByText(/^Saved|The configuration is saved/)
        .first()
        .waitFor();
      const own = await openSocket(dashboard, { user: "system" });
      const { config } = await own.call("config.get", {});
      await own.close();
      expect(config.sessions.retention_days).toBe(7);
    });

    test("show what the gateway refuses, and keep what was written", async () => {
      const page = await open("q=max_message_chars");
      await page.getByLabel("gateway.max_message_chars").fill("-1");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
      expect(await page.getByLabel("gateway.max_message_chars").inputValue()).toBe("-1");
    });

    test("ask before changes are lost, but not while another section is looked at", async () => {
      const page = await open("item=gateway");
      await page.getByLabel("gateway.rate_limit_rpm").fill("55");
      await page.getByRole("link", { name: "models" }).click();
      await page.getByLabel("models.idle_ms").waitFor();
      await page.getByRole("link", { name: "Jobs" }).click();
      const question = page.getByRole("dialog", { name: "Leave without saving?" });
      await question.getByRole("button", { name: "Cancel" }).click();
      await page.getByText("1 change is not saved").waitFor();
      await page.getByRole("link", { name: "Jobs" }).click();
      await question.getByRole("button", { name: "Leave" }).click();
      await page.waitForURL(/tab=jobs/);
      page.expectNoProblems();
    });
  });

  describe("of activity", () => {
    test("filter in the address, and open an entry with its details", async () => {
      const page = await dashboard.open("/settings?tab=activity&action=config.updated", OWNER);
      const table = page.getByRole("table", { name: "Activity" });
      await table.getByRole("link").first().click();
      await page.getByRole("dialog", { name: "config.updated" }).getByText("Details").waitFor();
      expect(page.url()).toContain("item=");
      await page.reload();
      await page.getByRole("dialog", { name: "config.updated" }).waitFor();
      await page.keyboard.press("Escape");
      expect(await table.getByText("agent.created").count()).toBe(0);
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.waitForURL((url) => !url.search.includes("action"));
      page.expectNoProblems();
    });

    test("keep chosen days in the address", async () => {
      const page = await dashboard.open("/settings?tab=activity", OWNER);
      await page.getByRole("combobox", { name: "Time" }).click();
      await page.getByRole("option", { name: "Chosen days" }).click();
      await page.getByLabel("To day").fill("2001-01-01");
      await page.getByText("No change matches these filters").waitFor();
      await page.reload();
      expect(await page.getByLabel("To day").inputValue()).toBe("2001-01-01");
      await page.getByText("No change matches these filters").waitFor();
      page.expectNoProblems();
    });

    test("prove that the log is whole", async () => {
      const page = await dashboard.open("/settings?tab=activity", OWNER);
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText(/entries are as they were written/).waitFor();
    });
  });

  test("sign out another browser of the same person", async () => {
    const other = await dashboard.open("/settings?tab=browsers", { as: "viewer", user: "minh" });
    const page = await dashboard.open("/settings?tab=browsers", { as: "viewer", user: "minh" });
    await page.getByText("This one").waitFor();
    await page.getByRole("button", { name: "Sign out my others" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign out my others" }).waitFor({ state: "detached" });
    await other.getByRole("button", { name: "Sign in" }).first().waitFor();
    // The console tells of the refusal in its own time.
    await other.context().close();
    other.expectNoProblems(/401/);
    page.expectNoProblems();
  });
});

describePages("settings of a new gateway", {}, (dashboard) => {
  test("open in every part, and say what would be there", async () => {
    const page = await dashboard.open("/settings", { ...OWNER, theme: "dark", language: "vi" });
    const tabs = page.getByRole("navigation", { name: "Cài đặt" }).getByRole("link");
    expect(await tabs.count()).toBe(9);
    for (let place = 0; place < 9; place += 1) {
      await tabs.nth(place).click();
      await page.waitForLoadState("networkidle");
      expect(await page.getByRole("alert").count()).toBe(0);
      await expectAccessible(page);
    }
    await page.goto("/settings?tab=keys");
    await page.getByText("Chưa có khóa API nào").waitFor();
    page.expectNoProblems();
  });
});

describePages("the log", { env: { GOCLAW_LOG_LEVEL: "info" } }, (dashboard) => {
  test("is shown as it is written, is held by a pause and loses nothing", async () => {
    const page = await dashboard.open("/settings?tab=logs", OWNER);
    const table = page.getByRole("table", { name: "Logs" });
    await table.waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: /Go on/ }).waitFor();
    const lines = await table.getAttribute("aria-rowcount");
    await dashboard.call("GET", "/v1/agents");
    await page.getByText(/\d+ new/).waitFor();
    expect(await table.getAttribute("aria-rowcount")).toBe(lines);
    await page.getByRole("button", { name: /Go on/ }).click();
    await page.locator(`[role=table]:not([aria-rowcount="${lines}"])`).waitFor();
    page.expectNoProblems();
  });
});
