import { describe, expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

describePages("knowledge of a company", { data: "rich" }, (dashboard) => {
  describe("memory", () => {
    test("is searched, and shows the stretch that fits in its place", async () => {
      const page = await dashboard.open("/knowledge");
      await page.keyboard.press("/");
      await page.keyboard.type("islands");
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=islands/);
      const link = page.getByRole("link", { name: "MEMORY.md" });
      await link.waitFor();
      await page.getByText(/^score 0/).waitFor();
      await link.click();
      const found = page.getByRole("region", { name: /^Lines? / }).filter({ hasText: "Found here" });
      expect(await found.textContent()).toContain("The carrier does not deliver on Saturdays to islands.");
      await page.reload();
      await found.waitFor();
      page.expectNoProblems();
    });

    test("is written, changed, forgotten and brought back", async () => {
      const page = await dashboard.open("/knowledge?agent=support");
      await page.getByRole("button", { name: "New document" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Agent").click();
      await page.getByRole("option", { name: /support/ }).click();
      await dialog.getByLabel("Path").fill("memory/zips.md");
      await dialog.getByLabel("Content").fill("# Zips\n\nWe repair them on Thursdays.");
      await dialog.getByRole("button", { name: "Remember" }).click();
      await page.getByRole("heading", { name: "memory/zips.md" }).waitFor();
      await page.getByRole("button", { name: "Edit" }).click();
      await page.getByLabel("Content").fill("# Zips\n\nWe repair them on Fridays.");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("We repair them on Fridays.").waitFor();
      await page.getByRole("button", { name: "More actions" }).click();
      await page.getByRole("menuitem", { name: "Forget" }).click();
      await page.getByText("memory/zips.md is forgotten").first().waitFor();
      await page.getByRole("link", { name: "memory/zips.md" }).waitFor({ state: "detached" });
      await page
        .getByRole("listitem")
        .filter({ hasText: "memory/zips.md is forgotten" })
        .getByRole("button", { name: "Undo" })
        .click();
      await page.getByRole("link", { name: "memory/zips.md" }).waitFor();
      page.expectNoProblems();
    });

    test("asks before what somebody wrote is lost", async () => {
      const page = await dashboard.open("/knowledge?agent=release");
      await page.getByRole("link", { name: "memory/on-call.md" }).click();
      await page.getByRole("button", { name: "Edit" }).click();
      await page.getByLabel("Content").fill("Nobody is on call.");
      await page.getByLabel("Search memory").fill("backup");
      await page.waitForURL(/q=backup/);
      await page.getByRole("link", { name: "memory/incidents/backup.md" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
      expect(await page.getByLabel("Content").inputValue()).toBe("Nobody is on call.");
      await page.getByRole("link", { name: "memory/incidents/backup.md" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
      await page.getByRole("heading", { name: "memory/incidents/backup.md" }).waitFor();
      page.expectNoProblems();
    });

    test("shows a rule that was broken at its field", async () => {
      const page = await dashboard.open("/knowledge");
      await page.getByRole("button", { name: "New document" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Agent").click();
      await page.getByRole("option", { name: /support/ }).click();
      await dialog.getByLabel("Path").fill("../secrets.md");
      await dialog.getByLabel("Content").fill("x");
      await dialog.getByRole("button", { name: "Remember" }).click();
      await dialog.getByRole("alert").waitFor();
      expect(await dialog.getByLabel("Path").getAttribute("aria-invalid")).toBe("true");
      page.expectNoProblems();
    });

    test("is read by a viewer, who cannot change it", async () => {
      const page = await dashboard.open("/knowledge", { as: "viewer" });
      await page.getByRole("combobox", { name: "Agent" }).click();
      await page.getByRole("option", { name: "support" }).click();
      await page.getByText("memory/lan.md").waitFor();
      expect(await page.getByRole("button", { name: "New document" }).count()).toBe(0);
      await page.getByRole("link", { name: "memory/lan.md" }).click();
      await page.getByText("Lan prefers a call in the morning").waitFor();
      expect(await page.getByRole("button", { name: "Edit" }).count()).toBe(0);
      page.expectNoProblems();
    });

    test("that cannot be loaded says why", async () => {
      const page = await dashboard.open("/");
      await breakCall(page, "memory.list");
      await page.goto("/knowledge");
      await page.getByText(FAULT).waitFor();
      await expectAccessible(page);
      page.expectNoProblems();
    });
  });

  describe("the workspace", () => {
    test("is walked through folder by folder, and shows texts and pictures", async () => {
      const page = await dashboard.open("/knowledge?tab=files");
      await page.getByRole("link", { name: "reports" }).click();
      await page.getByRole("link", { name: "2026" }).click();
      await page.getByRole("link", { name: "q3.md" }).click();
      await page.getByRole("dialog").getByText("Third quarter").waitFor();
      await page.keyboard.press("Escape");
      await page.waitForURL((url) => !url.searchParams.has("file"));
      await page.getByRole("link", { name: "Workspace" }).click();
      await page.getByRole("link", { name: "pictures" }).click();
      await page.getByRole("link", { name: "boot-1.png" }).click();
      await page.getByRole("img", { name: "boot-1.png" }).waitFor();
      expect(await page.getByRole("img", { name: "boot-1.png" }).getAttribute("src")).toStartWith("blob:");
      page.expectNoProblems();
    });

    test("takes files, asks before it replaces one, moves, brings back and deletes", async () => {
      const page = await dashboard.open("/knowledge?tab=files&path=scripts");
      await page.getByRole("link", { name: "cleanup.sh" }).waitFor();
      const choose = (text: string) =>
        page
          .locator("input[type=file]")
          .setInputFiles({ name: "ghi chú.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
      await choose("one");
      const link = page.getByRole("link", { name: "ghi chú.txt" });
      await link.waitFor();
      await choose("two");
      await page.getByRole("dialog").getByRole("button", { name: "Replace" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await link.click();
      await page.getByText("two", { exact: true }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Actions for ghi chú.txt" }).click();
      await page.getByRole("menuitem", { name: "Move or rename" }).click();
      await page.getByLabel("New path").fill("scripts/notes.txt");
      await page.keyboard.press("Enter");
      await page.getByRole("link", { name: "notes.txt" }).waitFor();
      await page.getByRole("button", { name: "Undo" }).click();
      await link.waitFor();
      await page.getByRole("button", { name: "Actions for ghi chú.txt" }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      const dialog = page.getByRole("dialog");
      expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
      await dialog.getByRole("textbox").fill("ghi chú.txt");
      await dialog.getByRole("button", { name: "Delete" }).click();
      await link.waitFor({ state: "detached" });
      page.expectNoProblems();
    });

    test("shows a page of a stranger as text", async () => {
      const page = await dashboard.open("/knowledge?tab=files&path=scripts");
      await page.locator("input[type=file]").setInputFiles({
        ...{ name: "<img src=x onerror=alert(1)>.html", mimeType: "text/html" },
        buffer: Buffer.from("<h1>Hello</h1><script>document.title = 'taken'</script>"),
      });
      await page.getByRole("link", { name: "<img src=x onerror=alert(1)>.html" }).click();
      await page.getByText("<h1>Hello</h1>").waitFor();
      expect(await page.title()).not.toBe("taken");
      expect(await page.locator("main img, [role=dialog] img, [role=dialog] h1").count()).toBe(0);
      page.expectNoProblems();
    });

    test("offers no changes to those who may not make them", async () => {
      const page = await dashboard.open("/knowledge?tab=files", { as: "viewer" });
      await page.getByRole("navigation", { name: "Folder" }).waitFor();
      expect(await page.getByRole("button", { name: "Upload" }).count()).toBe(0);
      page.expectNoProblems();
    });
  });
});

describePages("knowledge of a new gateway", {}, (dashboard) => {
  test("says how it comes to be", async () => {
    const page = await dashboard.open("/knowledge", { viewport: "phone" });
    await page.getByText("Nothing is remembered yet").waitFor();
    await page.getByRole("link", { name: "Files" }).click();
    await page.getByText("Nothing is in this folder").waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });
});
