import { describe, expect, test } from "bun:test";
import { breakCall, FAULT, FAULT_REQUEST } from "#e2e/answer-call.ts";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { echoReply } from "#testing/model-server/model-reply.ts";

describePages("runs of a company", { data: "rich" }, (dashboard) => {
  describe("the list", () => {
    test("shows each run as a link, and keeps its filters in the URL", async () => {
      const page = await dashboard.open("/runs?status=failed");
      const { runs, total } = (await dashboard.call("GET", "/v1/runs?status=failed&limit=200")).body;
      expect(runs.length).toBe(total);
      await page.getByText(total === 1 ? "1 run" : `${total} runs`, { exact: true }).waitFor();
      const link = page.getByRole("link", { name: "Write the whole spring catalogue." });
      expect(await link.getAttribute("href")).toBe(`/runs/${dashboard.rich.runs.failed}`);
      await page.getByRole("button", { name: "Clear filters" }).click();
      await page.getByRole("link", { name: "A poem about every tent we sell." }).waitFor();
      expect(new URL(page.url()).search).toBe("");
      page.expectNoProblems();
    });

    test("is searched by text, and says when nothing fits", async () => {
      const page = await dashboard.open("/runs");
      await page.keyboard.press("/");
      await page.keyboard.type("catalogue");
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=catalogue/);
      const link = page.getByRole("link", { name: "Write the whole spring catalogue." });
      await link.waitFor();
      await page.getByLabel("Search runs").fill("no such words anywhere");
      await page.getByText("No run matches").waitFor();
      page.expectNoProblems();
    });

    test("is used by the keyboard: to a run, into a step and back", async () => {
      const page = await dashboard.open("/runs?status=failed&agent=writer");
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "Write the whole spring catalogue." }).waitFor();
      await page.locator("[data-step]").first().waitFor();
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => !url.searchParams.has("step"));
      expect(await page.locator("[data-step]").first().getAttribute("aria-expanded")).toBe("false");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.has("step"));
      await page.goBack();
      await page.waitForURL(/status=failed/);
      page.expectNoProblems();
    });

    test("shows a viewer what is theirs, and no other people", async () => {
      const page = await dashboard.open("/runs", { as: "viewer" });
      await page.getByRole("link", { name: "Is the carrier's tracking page down?" }).waitFor();
      expect(await page.getByLabel("Person").count()).toBe(0);
      expect(await page.getByText("telegram:42").count()).toBe(0);
      page.expectNoProblems();
    });

    test("that cannot be loaded says why, and leaves the rest", async () => {
      const page = await dashboard.open("/");
      await breakCall(page, "runs.list");
      await page.goto("/runs");
      await page.getByText(FAULT).waitFor();
      await page.getByText(FAULT_REQUEST).waitFor();
      expect(await page.getByLabel("Search runs").count()).toBe(1);
      page.expectNoProblems();
    });
  });

  describe("a run", () => {
    test("that failed says why and what to do, with its failed step open", async () => {
      const page = await dashboard.open(`/runs/${dashboard.rich.runs.failed}`);
      await page.getByText("The conversation is longer than the model can read").waitFor();
      await page.getByText("Begin a new conversation").waitFor();
      expect(await page.locator('[data-step][aria-expanded="true"]').count()).toBe(1);
      await expectAccessible(page);
      page.expectNoProblems();
    });

    test("whose model was busy shows each retry, and one whose model failed shows the fallback", async () => {
      const page = await dashboard.open(`/runs/${dashboard.rich.runs.retried}`);
      await page.getByText("Model calls failed 2 times before they worked").waitFor();
      expect(await page.getByText("Retry", { exact: true }).count()).toBe(2);
      await page.goto(`/runs/${dashboard.rich.runs.fallback}`);
      await page.getByText("mistral-medium-3-5 failed 3 times, so gpt-6-luna answered").waitFor();
      expect(await page.getByText("Fallback", { exact: true }).count()).toBe(1);
      page.expectNoProblems();
    });

    test("that waits names the run before it, and one that was stopped names who did", async () => {
      const page = await dashboard.open(`/runs/${dashboard.rich.runs.queued}`);
      await page.getByRole("link", { name: "Open the run before it" }).click();
      await page.waitForURL(new RegExp(dashboard.rich.runs.running));
      await page.goto(`/runs/${dashboard.rich.runs.cancelled}`);
      await page.getByText(/^ada stopped it after/).waitFor();
      page.expectNoProblems();
    });

    test("that another agent worked for leads to that agent's run and back", async () => {
      const { parent_run_id } = (await dashboard.call("GET", `/v1/runs/${dashboard.rich.runs.delegated}`)).body;
      const page = await dashboard.open(`/runs/${parent_run_id}`);
      await page.getByRole("button", { name: "Agent ke-toan" }).click();
      await page.getByRole("link", { name: "Open its run" }).click();
      await page.waitForURL(new RegExp(dashboard.rich.runs.delegated));
      await page.getByRole("link", { name: "Another run" }).click();
      await page.waitForURL(new RegExp(parent_run_id));
      page.expectNoProblems();
    });

    test("shows what a tool was given and said, and what the model was sent", async () => {
      const page = await dashboard.open(`/runs/${dashboard.rich.runs.toolFailed}`);
      await page.getByText("The page could not be fetched: the host name could not be resolved.").waitFor();
      await page.locator("[data-step]").first().click();
      await page.getByRole("button", { name: "What it was sent" }).click();
      await page.getByText("You are Customer Support, an AI agent.").waitFor();
      page.expectNoProblems();
    });

    test("is not stopped by a viewer, and its trace is a file", async () => {
      const page = await dashboard.open(`/runs/${dashboard.rich.runs.toolFailed}`, { as: "viewer" });
      await page.getByRole("button", { name: "More actions" }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("menuitem", { name: "Download the trace" }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`trace-${dashboard.rich.runs.toolFailed}.json.gz`);
      expect(await page.getByRole("button", { name: "Stop" }).count()).toBe(0);
      page.expectNoProblems();
    });

    test("whose steps cannot be loaded still says what it is", async () => {
      const page = await dashboard.open("/");
      await breakCall(page, "traces.get");
      await page.goto(`/runs/${dashboard.rich.runs.retried}`);
      await page.getByText(FAULT).waitFor();
      await page.getByText("anthropic / claude-sonnet-5-5").waitFor();
      page.expectNoProblems();
    });
  });
});

describePages("runs of a new gateway", {}, (dashboard) => {
  const { model } = dashboard;

  test("are explained before there are any", async () => {
    const page = await dashboard.open("/runs");
    await page.getByText("Nothing has run yet").waitFor();
    await page.getByRole("link", { name: "Start a chat" }).click();
    await page.waitForURL(/\/chat/);
    page.expectNoProblems();
  });

  test("appear by themselves, grow while they are watched, and stay open when they are done", async () => {
    const { promise: hold, resolve: finish } = Promise.withResolvers<void>();
    const agent = await dashboard.anAgent();
    const page = await dashboard.open("/runs");
    await page.getByText("Nothing has run yet").waitFor();
    model.enqueue({ text: ["Rivers ", "run **home**"], hold });
    await dashboard.call("POST", `/v1/agents/${agent}/runs`, { input: "A haiku about rivers" });
    await page.getByRole("link", { name: "A haiku about rivers" }).click();
    await page.locator("strong", { hasText: "home" }).waitFor();
    finish();
    await page.getByText("Completed", { exact: true }).waitFor();
    await page.getByText("Ended by").waitFor();
    expect(await page.locator("strong", { hasText: "home" }).count()).toBe(1);
    page.expectNoProblems();
  });

  test("run again with the same task, which is shown whole with what the model was sent", async () => {
    const agent = await dashboard.anAgent();
    const task = `Count the tents. ${"One more tent. ".repeat(60)}The last tent is red.`;
    const { id } = (await dashboard.call("POST", `/v1/agents/${agent}/runs`, { input: task })).body;
    await dashboard.waitForEnd(id);
    const page = await dashboard.open(`/runs/${id}`);
    await page.getByRole("button", { name: "Run again" }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(id));
    await page.getByText("Completed", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Run again" }).waitFor();
    // What was watched stays open, so a new visit begins with all folded.
    await page.reload();
    await page.getByRole("button", { name: /^Task/ }).click();
    await page.getByText("The last tent is red.").waitFor();
    await page.getByRole("button", { name: /^Model call/ }).click();
    await page.getByRole("button", { name: "What it was sent" }).click();
    await page.getByText("The last tent is red.").nth(2).waitFor();
    page.expectNoProblems();
  });

  test("are stopped by those who may", async () => {
    const agent = await dashboard.anAgent();
    model.enqueue({ text: ["Endless "], hold: new Promise(() => {}) });
    const { id } = (await dashboard.call("POST", `/v1/agents/${agent}/runs`, { input: "Talk" })).body;
    const page = await dashboard.open(`/runs/${id}`);
    await page.getByText("Endless").first().waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByText(/^ada stopped it after/).waitFor();
    page.expectNoProblems();
  });

  test("are many: all can be reached, and news wait until the reader asks for them", async () => {
    const agent = await dashboard.anAgent();
    const wake = (message: string) => dashboard.call("POST", `/v1/agents/${agent}/wake`, { message });
    model.script(echoReply);
    for (let batch = 0; batch < 32; batch += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, index) => wake(`Question ${batch * 10 + index}`)));
    }
    const page = await dashboard.open(`/runs?agent=${agent}`);
    await page.getByText("320 runs").waitFor();
    const last = page.locator('[aria-rowindex="321"]');
    while ((await last.count()) === 0) {
      await page.locator("main").evaluate((main) => main.scrollTo({ top: main.scrollHeight }));
      await page.waitForLoadState("networkidle");
    }
    expect(await page.getByRole("row").count()).toBeLessThan(80);
    await wake("The newest question");
    await page.getByRole("button", { name: "There is something new" }).click();
    await page.getByRole("link", { name: "The newest question" }).waitFor();
    page.expectNoProblems();
  });

  test("never become markup, whatever a model, a tool or a person writes", async () => {
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    const agent = await dashboard.anAgent();
    model.enqueue(
      { toolCalls: [{ name: "datetime", arguments: { timezone: hostile } }] },
      { text: `${hostile} [link](javascript:document.title=1)` },
    );
    const { id } = (await dashboard.call("POST", `/v1/agents/${agent}/runs`, { input: hostile })).body;
    await dashboard.waitForEnd(id);
    const page = await dashboard.open(`/runs/${id}`);
    await page.locator("[data-step]").first().waitFor();
    for (const step of await page.locator("[data-step]").all()) {
      if ((await step.getAttribute("aria-expanded")) === "false") await step.click();
    }
    expect(await page.getByText("onerror").count()).toBeGreaterThan(1);
    expect(await page.locator("main img, main script, main a[href^=javascript]").count()).toBe(0);
    expect(await page.title()).not.toBe("1");
    page.expectNoProblems();
  });
});
