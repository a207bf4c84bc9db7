import { afterAll, expect, test } from "bun:test";
import { createClient } from "#client/index.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { launchBrowser } from "#testing/browser/launch-browser.ts";
import { watchPage } from "#testing/browser/watch-page.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";

describePages("a gateway that was just installed", {}, () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const stop of stops.toReversed()) await stop();
  });

  async function start() {
    const site = await createServerSite("sqlite");
    stops.push(() => site.remove());
    const server = await startReadyServer(site);
    let running = server;
    const end = async (signal: NodeJS.Signals) => {
      running.signal(signal);
      await running.exited;
    };
    stops.push(() => end("SIGKILL"));
    const browser = await launchBrowser();
    stops.push(() => browser.close());
    const page = await (await browser.newContext({ reducedMotion: "reduce" })).newPage();
    const checks = watchPage(page);
    const again = async () => {
      running = await startReadyServer(site);
    };
    return { site, page, checks, end, again, link: /http:\S+#sign-in=\w+/.exec(server.output())?.[0] ?? "no link" };
  }

  test("leads from its first link to a first answer by mouse alone", async () => {
    const { page, checks, link } = await start();
    await page.goto(link);
    await page.getByRole("link", { name: "Talk to the demo model" }).click();
    expect(page.url()).not.toContain("sign-in");
    await page.getByRole("button", { name: "What can you do?" }).click();
    await page.getByText("built-in demo model").waitFor();
    checks.expectNoProblems();
    // The link works once.
    const other = await (await page.context().browser()?.newContext())?.newPage();
    await other?.goto(link);
    await other?.getByRole("alert").waitFor();
    expect(await other?.getByRole("alert").textContent()).toContain("goclaw dashboard");
  });

  test("is killed and started again under an open page, which goes on by itself", async () => {
    const { page, end, again, link } = await start();
    await page.goto(`${link}`);
    await page.getByRole("link", { name: "Talk to the demo model" }).click();
    const ask = async (text: string) => {
      await page.getByLabel("Message", { exact: true }).fill(text);
      await page.keyboard.press("Enter");
      await page.getByText(`You said: "${text}"`).waitFor();
    };
    await ask("before");
    await end("SIGKILL");
    await page.getByText("Connecting to the gateway again…").waitFor();
    await again();
    await page.getByText("Connecting to the gateway again…").waitFor({ state: "detached" });
    await ask("after");
    expect(await page.getByText('You said: "before"').count()).toBe(1);
  });

  test("lets a browser in that an administrator approves, also after a reload", async () => {
    const { site, page } = await start();
    await page.goto(site.url);
    await page.getByRole("button", { name: "Ask an administrator" }).click();
    const code = (await page.locator("p.font-mono").textContent()) ?? "";
    const admin = createClient({ url: site.url, token: site.token() }).connect();
    await admin.call("devices.approve", { code });
    admin.close();
    await page.getByText("Operator", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("Operator", { exact: true }).waitFor();
    const kept = await page.evaluate<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])");
    expect(kept).not.toMatch(/[\da-f]{8}-[\da-f]{4}|[\da-f]{32}/);
  });
});
