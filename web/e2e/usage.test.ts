import { expect, test } from "bun:test";
import { breakCall, FAULT } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

interface Row {
  readonly key: string;
  readonly total_cost: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
}

const tokensOf = ({ input_tokens, output_tokens }: Row) => input_tokens + output_tokens;

describePages("usage of a company", { data: "rich" }, (dashboard) => {
  /** What the gateway itself says, in the time zone of the browser. */
  const ask = async (path: string) => (await dashboard.call("GET", path)).body;

  test("shows the sums of the gateway", async () => {
    const page = await dashboard.open("/usage?period=30d");
    const { current } = await ask("/v1/usage/summary?period=30d");
    const requests = page.getByRole("link", { name: /^Requests/ });
    expect(await requests.textContent()).toContain(String(current.requests));
    expect(await requests.getAttribute("href")).toBe("/usage?period=30d&measure=requests");
    await page.getByRole("figure", { name: "Requests by day" }).waitFor();
    page.expectNoProblems();
  });

  test("is broken down by what a person chooses, and a row narrows all of it", async () => {
    const page = await dashboard.open("/usage?period=30d&by=model");
    const table = page.getByRole("table", { name: "Breakdown" });
    await table.getByRole("link", { name: "claude-sonnet-5-5" }).click();
    await page.waitForURL(/model=claude-sonnet-5-5/);
    const { current } = await ask("/v1/usage/summary?period=30d&model=claude-sonnet-5-5");
    await page.getByRole("link", { name: new RegExp(`^Requests ${current.requests} `) }).waitFor();
    await page.getByRole("button", { name: "Remove Model claude-sonnet-5-5" }).click();
    await page.waitForURL((url) => !url.searchParams.has("model"));
    page.expectNoProblems();
  });

  test("is broken down by person for administrators, whose runs are one click away", async () => {
    const page = await dashboard.open("/usage?period=30d&by=user");
    const table = page.getByRole("table", { name: "Breakdown" });
    const row = table.getByRole("row").filter({ hasText: "minh" });
    const { current } = await ask("/v1/usage/summary?period=30d&user_id=minh");
    expect(await row.getByRole("cell").nth(2).textContent()).toBe(String(current.requests));
    await row.getByRole("link", { name: "Show the runs" }).click();
    await page.waitForURL(/\/runs\?user=minh&from=/);
    await page.getByText(/\d+ runs?$/).waitFor();
    page.expectNoProblems();
  });

  test("keeps measure, group and period in the URL", async () => {
    const page = await dashboard.open("/usage");
    await page.getByRole("radio", { name: "30 days" }).click();
    await page.getByRole("radio", { name: "Tokens" }).click();
    await page.getByRole("radio", { name: "Model" }).click();
    await page.getByRole("switch", { name: "Compare with before" }).click();
    await page.reload();
    await page.getByRole("figure", { name: "Tokens by day" }).getByText("The period before").waitFor();
    expect(await page.getByRole("radio", { name: "Model" }).getAttribute("aria-checked")).toBe("true");
    expect(await page.getByRole("radio", { name: "30 days" }).getAttribute("aria-checked")).toBe("true");
    page.expectNoProblems();
  });

  test("is split by what the table tells apart: the four largest, and all others together", async () => {
    const { series } = await ask(
      "/v1/usage/timeseries?from=2020-01-01&to=2025-01-01&group_by=day&split_by=model&rank_by=cost",
    );
    expect(series).toEqual([]);
    const page = await dashboard.open("/usage?period=30d&by=model&measure=cost");
    await page.getByRole("switch", { name: "Split by model" }).click();
    const legend = page.getByRole("figure", { name: "Spend by day" }).locator("figcaption");
    await legend.getByText("Others").waitFor();
    const { rows } = await ask("/v1/usage/breakdown?period=30d&from=2020-01-01&to=2030-01-01&group_by=model");
    const costly = rows.toSorted((a: Row, b: Row) => b.total_cost - a.total_cost).map(({ key }: Row) => key);
    expect(await legend.locator("> span").allTextContents()).toEqual([...costly.slice(0, 4), "Others"]);
    const table = page.getByRole("table", { name: "Breakdown" });
    const titles = await table.getByRole("row").getByRole("link").allTextContents();
    expect(titles.slice(0, 4)).toEqual(costly.slice(0, 4));

    const colors = () =>
      page.evaluate<Record<string, string>>(
        `Object.fromEntries([...document.querySelectorAll("figcaption > span")].map((one) =>
          [one.textContent, getComputedStyle(one.firstElementChild).backgroundColor]))`,
      );
    const first = await colors();
    expect(new Set(Object.values(first)).size).toBe(5);
    await page.getByRole("radio", { name: "Tokens" }).click();
    const tokens = page.getByRole("figure", { name: "Tokens by day" }).locator("figcaption");
    await tokens.getByText("Others").waitFor();
    const used = rows.toSorted((a: Row, b: Row) => tokensOf(b) - tokensOf(a)).map(({ key }: Row) => key);
    for (const [place, name] of used.slice(0, 4).entries()) {
      await tokens.locator("> span").nth(place).getByText(name, { exact: true }).waitFor();
    }
    const second = await colors();
    const inBoth = Object.keys(first).filter((name) => name in second);
    expect(inBoth.length).toBeGreaterThan(1);
    for (const name of inBoth) expect(second[name]).toBe(first[name] ?? "");

    await page.reload();
    await tokens.getByText("Others").waitFor();
    await expectAccessible(page);
    await page.getByRole("switch", { name: "Compare with before" }).click();
    await tokens.getByText("The period before").waitFor();
    expect(await page.getByRole("switch", { name: "Split by model" }).isChecked()).toBe(false);
    page.expectNoProblems();
  });

  test("is split by agent with the names of agents, and by hours shows where nothing was", async () => {
    const page = await dashboard.open("/usage?period=24h&measure=latency&split=on", { theme: "dark" });
    const legend = page.getByRole("figure", { name: "Time to finish by hour" }).locator("figcaption");
    await legend.getByText("Customer Support").waitFor();
    await page.getByRole("radio", { name: "Person" }).click();
    await legend.getByText("Customer Support").waitFor({ state: "detached" });
    const person = (await legend.locator("> span").first().textContent()) ?? "";
    const table = page.getByRole("table", { name: "Breakdown" });
    await table.getByRole("link", { name: person, exact: true }).waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });

  test("leads from a day to its hours, from an hour to its runs, and back, by the keyboard", async () => {
    const { points } = await ask("/v1/usage/timeseries?group_by=day&from=2020-01-01&to=2030-01-01");
    const day = points[1].bucket_time.slice(0, 10);
    const before = new Date(Date.parse(day) - 3 * 86_400_000).toISOString().slice(0, 10);
    const page = await dashboard.open(`/usage?from=${before}&to=${day}`);
    await page.getByRole("figure", { name: "Requests by day" }).getByRole("application").focus();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("from") === url.searchParams.get("to"));
    await page.getByRole("figure", { name: "Requests by hour" }).getByRole("application").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/runs\?from=/);
    await page.goBack();
    await page.goBack();
    await page.getByRole("figure", { name: "Requests by day" }).waitFor();
    page.expectNoProblems();
  });

  test("takes days of a person's own, by the keyboard", async () => {
    const page = await dashboard.open("/usage");
    await page.getByRole("button", { name: "Own dates" }).press("Enter");
    await page.getByLabel("First day").fill("2026-01-05");
    await page.getByLabel("Last day").fill("2026-01-06");
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=2026-01-05&to=2026-01-06/);
    await page.getByText("Jan 5 – Jan 6").waitFor();
    await page.getByText("Nothing was used in this time").first().waitFor();
    page.expectNoProblems();
  });

  test("counts days of the person's time zone, also one of half an hour", async () => {
    const zone = "Asia/Kolkata";
    const { points } = await ask(`/v1/usage/timeseries?group_by=day&from=2020-01-01&to=2030-01-01&tz=${zone}`);
    const { bucket_time, request_count } = points[1];
    const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(bucket_time));
    const page = await dashboard.open("/");
    const tools = await page.context().newCDPSession(page);
    await tools.send("Emulation.setTimezoneOverride", { timezoneId: zone });
    await page.goto(`/usage?from=${day}&to=${day}`);
    await page.getByRole("link", { name: new RegExp(`^Requests ${request_count} `) }).waitFor();
    const chart = page.getByRole("figure", { name: "Requests by hour" });
    await chart.getByText("12:00 AM").waitFor();
    expect(await chart.getByText(/:30/).count()).toBe(0);
    page.expectNoProblems();
  });

  test("is a file to take away", async () => {
    const page = await dashboard.open("/usage?from=2026-01-05&to=2026-01-06");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("usage-2026-01-05-2026-01-06.csv");
    page.expectNoProblems();
  });

  test("shows a viewer their own, without other people", async () => {
    const page = await dashboard.open("/usage?period=30d", { as: "viewer" });
    const { current } = await ask("/v1/usage/summary?period=30d&user_id=lan");
    await page.getByRole("link", { name: new RegExp(`^Requests ${current.requests} `) }).waitFor();
    expect(await page.getByRole("radio", { name: "Person" }).count()).toBe(0);
    page.expectNoProblems();
  });

  test("of which a part cannot be loaded shows the rest", async () => {
    const page = await dashboard.open("/");
    await breakCall(page, "usage.breakdown");
    await page.goto("/usage?period=30d");
    await page.getByText(FAULT).waitFor();
    await page.getByRole("figure", { name: "Requests by day" }).waitFor();
    await expectAccessible(page);
    page.expectNoProblems();
  });
});

describePages("usage of a new gateway", {}, (dashboard) => {
  test("says what will be here", async () => {
    for (const viewport of ["desktop", "phone"] as const) {
      const page = await dashboard.open("/usage", { viewport });
      await page.getByText("Each message to an agent is counted here").waitFor();
      await expectAccessible(page);
      page.expectNoProblems();
    }
  });
});
