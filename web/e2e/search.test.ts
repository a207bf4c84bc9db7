import { expect, test } from "bun:test";
import { describePages } from "#testing/browser/describe-pages.ts";

describePages("a search", { data: "rich" }, (dashboard) => {
  test("finds conversations by letters without their accents, by an address that can be shared", async () => {
    const page = await dashboard.open("/chat");
    const list = page.getByRole("complementary", { name: "Conversations" });
    await list.getByRole("link").nth(5).waitFor();
    await list.getByRole("searchbox").fill("DOI SOAT CONG NO");
    await list.getByText("Sales of October").waitFor({ state: "detached" });
    await list.getByText("Đối soát công nợ tháng 10").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(1);
    expect(new URL(page.url()).searchParams.get("q")).toBe("DOI SOAT CONG NO");
    await page.reload();
    await list.getByText("Đối soát công nợ tháng 10").waitFor();
    expect(await list.getByRole("listitem").count()).toBe(1);
    await list.getByRole("searchbox").fill("no such talk");
    await list.getByText("No conversation matches").waitFor();
    await list.getByRole("searchbox").press("Escape");
    await list.getByRole("link").nth(5).waitFor();
    page.expectNoProblems();
  });

  test("finds the conversations of a person, among those of one agent", async () => {
    const page = await dashboard.open("/chat?of=support&q=MINH");
    const list = page.getByRole("complementary", { name: "Conversations" });
    await list.getByText("Spare poles for a tent from 2019").waitFor();
    expect(await list.getByText("Rollback plan for Friday").count()).toBe(0);
    page.expectNoProblems();
  });

  test("finds agents by letters without their accents", async () => {
    const page = await dashboard.open("/agents?q=tro%20ly");
    await page.getByRole("row", { name: /Trợ lý kế toán/ }).waitFor();
    expect(await page.getByRole("row", { name: /Customer Support/ }).count()).toBe(0);
    page.expectNoProblems();
  });

  test("in the palette finds conversations that are not among the latest, and agents by their model", async () => {
    const { body } = await dashboard.call("GET", "/v1/sessions?limit=20");
    const latest = body.sessions.map(({ label }: { label?: string }) => label);
    expect(latest).not.toContain("Giao hàng chậm ở Đà Nẵng");
    const page = await dashboard.open("/usage");
    await page.keyboard.press("ControlOrMeta+k");
    await page.locator("input:focus").waitFor();
    await page.keyboard.type("claude-opus");
    await page
      .getByRole("option", { name: /Marketing Writer/ })
      .first()
      .waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("giao hang cham");
    await page.getByRole("option", { name: "Giao hàng chậm ở Đà Nẵng", selected: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Giao hàng chậm ở Đà Nẵng" }).waitFor();
    await page.keyboard.press("ControlOrMeta+k");
    await page.locator("input:focus").waitFor();
    await page.keyboard.type("no such thing at all");
    await page.getByText("Nothing found").waitFor();
    page.expectNoProblems();
  });
});
