import { expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { aForm } from "#testing/a-form.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

describePages("uploaded media", { data: "rich" }, (dashboard) => {
  const upload = async (name: string, content: string, user?: string) => {
    const { body } = await dashboard.call("POST", "/v1/media/upload", aForm(name, content), { ...(user && { user }) });
    return body as { readonly id: string };
  };

  test("are listed as they come, with small pictures, and opened by an address that can be shared", async () => {
    const page = await dashboard.open("/knowledge");
    await page.getByRole("link", { name: "Media" }).click();
    const row = page.getByRole("row").filter({ hasText: "damaged-boot-1.png" });
    await row.locator("img").waitFor();
    expect(await row.locator("img").getAttribute("src")).toStartWith("blob:");
    await upload("Hóa đơn tháng 9.txt", "xin chào", "minh");
    const invoice = page.getByRole("row").filter({ hasText: "Hóa đơn tháng 9.txt" });
    await invoice.getByRole("cell", { name: "minh", exact: true }).waitFor();
    expect(await invoice.locator("img").count()).toBe(0);
    await expectAccessible(page);

    await row.getByRole("link").click();
    await page.waitForURL(/file=/);
    await page.getByRole("dialog").getByRole("img", { name: "damaged-boot-1.png" }).waitFor();
    await expectAccessible(page);
    await page.reload();
    await page.getByRole("dialog").getByRole("img", { name: "damaged-boot-1.png" }).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.searchParams.has("file"));
    expect(new URL(page.url()).searchParams.get("tab")).toBe("media");
    page.expectNoProblems();
  });

  test("are searched and narrowed to a kind, by an address that can be shared", async () => {
    await upload("bảng giá.csv", "day,price");
    const page = await dashboard.open("/knowledge?tab=media");
    const prices = page.getByRole("row").filter({ hasText: "bảng giá.csv" });
    const boot = page.getByRole("row").filter({ hasText: "damaged-boot-2.png" });
    await prices.waitFor();
    await boot.waitFor();
    await page.getByRole("searchbox").fill("BANG GIA");
    await boot.waitFor({ state: "detached" });
    await prices.waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("BANG GIA");
    await page.getByRole("combobox", { name: "Kind" }).click();
    await page.getByRole("option", { name: "Picture" }).click();
    await page.getByText("No file fits").waitFor();
    expect(new URL(page.url()).searchParams.get("kind")).toBe("image");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await prices.waitFor();
    await page.goto("/knowledge?tab=media&kind=image");
    await boot.waitFor();
    expect(await prices.count()).toBe(0);
    page.expectNoProblems();
  });

  test("are downloaded, and deleted by name", async () => {
    await upload("to be gone.txt", "gone soon");
    const page = await dashboard.open("/knowledge?tab=media");
    const row = page.getByRole("row").filter({ hasText: "to be gone.txt" });
    await row.getByRole("button", { name: "Actions for to be gone.txt" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "Download" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("to be gone.txt");
    await row.getByRole("link").click();
    const drawer = page.getByRole("dialog", { name: "to be gone.txt" });
    await drawer.getByText("This kind of file cannot be shown").waitFor();
    await drawer.getByRole("button", { name: "Delete" }).click();
    const question = page.getByRole("dialog", { name: /^Delete/ });
    await question.getByText("Messages that it was sent with keep it.").waitFor();
    expect(await question.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
    await question.getByRole("textbox").fill("to be gone.txt");
    await question.getByRole("button", { name: "Delete" }).click();
    await row.waitFor({ state: "detached" });
    await page.waitForURL((url) => !url.searchParams.has("file"));
    page.expectNoProblems();
  });

  test("of others and of a stranger's making show nothing and run nothing", async () => {
    await upload("<img src=x onerror=alert(1)>.svg", "<svg onload='alert(1)'/>", "lan");
    const page = await dashboard.open("/knowledge?tab=media", { as: "viewer", language: "vi", viewport: "phone" });
    const row = page.getByRole("row").filter({ hasText: "onerror" });
    await row.waitFor();
    expect(await page.getByRole("row").filter({ hasText: "damaged-boot" }).count()).toBe(0);
    expect(await page.locator("main img").count()).toBe(0);
    await row.getByRole("button").click();
    await page.getByRole("menuitem", { name: "Tải xuống" }).waitFor();
    expect(await page.getByRole("menuitem").count()).toBe(1);
    await page.keyboard.press("Escape");
    await page.getByRole("menuitem").waitFor({ state: "detached" });
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("that cannot be loaded say why, and one that is gone says so", async () => {
    const page = await dashboard.open("/knowledge?tab=media&file=nothing-of-this-name");
    await page.getByRole("dialog").getByText("There is no such file").waitFor();
    await breakCall(page, "media.list");
    await page.goto("/knowledge?tab=media");
    await page.getByText(FAULT).waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });
});

describePages("media of a new gateway", {}, (dashboard) => {
  test("say how they come to be", async () => {
    const page = await dashboard.open("/knowledge?tab=media", { theme: "dark" });
    await page.getByText("Nothing was uploaded yet").waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });
});
