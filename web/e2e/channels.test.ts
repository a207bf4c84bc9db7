import { describe, expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { chooseOption } from "#e2e/choose-option.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { RICH_CHANNELS } from "#testing/browser/rich-data/add-channels.ts";

describePages("the screen of channels", { data: "rich" }, (dashboard) => {
  test("shows each account with its state, and one that failed with the reason and what to do", async () => {
    const page = await dashboard.open("/channels");
    const row = page.getByRole("row").filter({ hasText: RICH_CHANNELS.failed });
    expect(await row.textContent()).toContain("Does not work");
    await row.getByRole("link").click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("The platform refused the credentials.").waitFor();
    expect(await drawer.getByText("Connecting").count()).toBe(1);
    await page.reload();
    await drawer.getByText("The platform refused the credentials.").waitFor();
    page.expectNoProblems();
  });

  test("says that an account that is off is off", async () => {
    const page = await dashboard.open("/channels");
    const row = page.getByRole("row").filter({ hasText: RICH_CHANNELS.off });
    expect(await row.textContent()).toContain("Off");
  });

  test("writes to a chat of a bot", async () => {
    const page = await dashboard.open("/channels");
    await page.getByRole("row").filter({ hasText: RICH_CHANNELS.healthyBot }).getByRole("link").click();
    await page.getByRole("textbox", { name: "Message" }).fill("We are open again");
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByText("The message is on its way", { exact: true }).waitFor();
  });

  test("lets somebody in and turns somebody down", async () => {
    const page = await dashboard.open("/channels?tab=pairing");
    const waiting = page.getByRole("table", { name: "Waiting to be let in" });
    await waiting.getByRole("row").filter({ hasText: "Tuấn Lê" }).getByRole("button", { name: "Let in" }).click();
    await page.getByRole("table", { name: "Let in" }).getByText("tuan").waitFor();
    await waiting.getByRole("row").filter({ hasText: "李娜" }).getByRole("button", { name: "Turn down" }).click();
    await waiting.getByText("李娜").waitFor({ state: "detached" });
    page.expectNoProblems();
  });

  test("lets a browser in by the code that its person read out", async () => {
    const page = await dashboard.open("/channels?tab=pairing");
    const row = page.getByRole("row").filter({ hasText: "203.0.113.24" });
    const code = await row.getByRole("cell").nth(2).textContent();
    await page.getByLabel("Code", { exact: true }).fill(` ${code?.toLowerCase()} `);
    await page.keyboard.press("Enter");
    await row.waitFor({ state: "detached" });
  });

  test("shows a viewer the accounts, and offers no change", async () => {
    const page = await dashboard.open("/channels", { as: "viewer" });
    await page.getByRole("link", { name: "@helper_bot" }).click();
    await page.getByRole("dialog").getByText("In private").waitFor();
    expect(await page.getByRole("button", { name: "Edit" }).count()).toBe(0);
    expect(await page.getByRole("link", { name: "Pairing" }).count()).toBe(0);
    page.expectNoProblems();
  });

  test("tells why the list could not be loaded, and leaves the rest", async () => {
    const page = await dashboard.open("/channels");
    await breakCall(page, "channels.instances.list");
    await page.reload();
    await page.getByRole("alert").getByText(FAULT).waitFor();
    expect(await page.getByRole("button", { name: "New channel" }).count()).toBe(1);
  });
});

describePages("channels on a new gateway", {}, (dashboard) => {
  test("begin with an offer, and are made by the keyboard alone", async () => {
    const page = await dashboard.open("/channels");
    await page.getByText("There are no channels yet").waitFor();
    await page.getByRole("button", { name: "New channel" }).first().focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("dialog");
    await chooseOption(page, "Type", "webhook");
    await form.getByLabel(/^Name/).fill("shop");
    await chooseOption(page, "Agent", "openai");
    await form.getByRole("button", { name: "Make one" }).focus();
    await page.keyboard.press("Enter");
    await form.getByLabel(/^Name/).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "shop" }).getByText("Works").waitFor();
    expect(await page.getByText("/v1/channels/webhook/").count()).toBeGreaterThan(0);
    page.expectNoProblems();
  });

  describe("the form", () => {
    test("shows a refusal at its field, also within the credentials", async () => {
      const page = await dashboard.open("/channels");
      await page.getByRole("button", { name: "New channel" }).first().click();
      const form = page.getByRole("dialog");
      await form.getByLabel(/^Name/).fill("bot");
      await form.getByRole("combobox", { name: "Agent" }).click();
      await page.keyboard.press("Enter");
      await form.getByLabel(/^Token/).fill("no token");
      await form.getByRole("button", { name: "New channel" }).click();
      await form.getByRole("alert").waitFor();
      expect(await form.getByLabel(/^Token/).getAttribute("aria-invalid")).toBe("true");
      page.expectNoProblems();
    });

    test("keeps a stored secret where nothing is entered, and says what is not built yet", async () => {
      const page = await dashboard.open("/channels");
      await page.getByRole("button", { name: "New channel" }).first().click();
      const form = page.getByRole("dialog");
      await form.getByRole("combobox", { name: "Type" }).click();
      await page.keyboard.type("discord");
      await page.keyboard.press("Enter");
      await form.getByText("The connector of Discord is not built yet").waitFor();
      await form.getByLabel(/^Name/).fill("guild");
      await form.getByRole("combobox", { name: "Agent" }).click();
      await page.keyboard.press("Enter");
      await form.getByLabel(/^Token/).fill("a-token-of-discord");
      await form.getByRole("button", { name: "New channel" }).click();
      const drawer = page.getByRole("dialog", { name: "guild" });
      await drawer.getByRole("button", { name: "Edit" }).click();
      expect(await page.getByLabel(/^Token/).getAttribute("placeholder")).toContain("Stored");
      await page.getByLabel("Shown as").fill("The guild");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Saved", { exact: true }).waitFor();
      const { body } = await dashboard.call("GET", "/v1/channel-instances?search=guild");
      expect(body.instances[0]).toMatchObject({ display_name: "The guild", credentials: { token: "***" } });
      expect(body.instances[0].config ?? {}).toEqual({});
    });

    test("deletes an account only once its name is typed", async () => {
      await dashboard.call("POST", "/v1/channel-instances", {
        ...{ name: "gone-soon", channel_type: "webhook", agent_id: "openai" },
        ...{ credentials: { secret: "a-secret-of-16-characters" } },
      });
      const page = await dashboard.open("/channels");
      await page.getByRole("link", { name: "gone-soon" }).click();
      await page.getByRole("button", { name: "Delete" }).click();
      const question = page.getByRole("dialog", { name: "Delete gone-soon?" });
      expect(await question.getByRole("button", { name: "Delete channel" }).isDisabled()).toBe(true);
      await question.getByLabel("Type gone-soon to confirm").fill("gone-soon");
      await page.keyboard.press("Enter");
      await page.getByRole("row").filter({ hasText: "gone-soon" }).waitFor({ state: "detached" });
      page.expectNoProblems();
    });
  });
});
