import { cpus, loadavg } from "node:os";
import type { Page } from "playwright-core";
import { startDashboard } from "#testing/browser/dashboard-fixture.ts";
import { writeSection } from "../report-file.ts";
import { type Frames, recordFrames } from "./frames.ts";
import { addRuns, LIST_ROWS, LONG_SESSION, makeLongSession, STREAM_TOKENS, streamedAnswer } from "./long-data.ts";

/** Measures how smooth the dashboard is with much data, and prints a table. Needs Chromium. */
const WHEEL_STEPS = 240;
const WHEEL_PIXELS = 400;

const dashboard = await startDashboard();
await addRuns(dashboard);
const session = await makeLongSession(dashboard);

const rows: [name: string, frames: Frames][] = [];
rows.push([`a list of ${LIST_ROWS} rows, scrolled`, await scrollIn("/runs", "[role=table]", 1)]);
rows.push([
  `a session of ${LONG_SESSION} messages, scrolled back`,
  await scrollIn(`/chat?session=${encodeURIComponent(session)}`, "[role=log]", -1),
]);
rows.push([`a stream of ${STREAM_TOKENS} tokens a second`, await stream()]);

const lines = rows.map(([name, { count, median, p95, worst, late, longTasks }]) => {
  const tasks =
    longTasks.length === 0 ? "none" : `${longTasks.length}, at most ${Math.max(...longTasks).toFixed(0)} ms`;
  return `| ${[name, count, ms(median), ms(p95), ms(worst), `${(late * 100).toFixed(1)} %`, tasks].join(" | ")} |`;
});
const machine = `${cpus().length} cores of ${cpus()[0]?.model}, load average ${loadavg()[0]?.toFixed(1)}`;
const report = `Written by \`npm run bench -- dashboard\`, in Chromium without a GPU, at 1440 × 900. ${machine}, ${new Date().toISOString().slice(0, 10)}.

| | frames | median | p95 | worst | later than 60 Hz | long tasks |
|--|--|--|--|--|--|--|
${lines.join("\n")}

The browser, the gateway and the model share the machine. A frame of 60 Hz takes 16.7 ms. A long task held the page for more than 50 ms.`;
process.stdout.write(`\n${report}\n`);
writeSection("The dashboard", report);
await dashboard.stop();
process.exit(0);

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

async function scrollIn(path: string, selector: string, direction: 1 | -1): Promise<Frames> {
  const page = await dashboard.open(path);
  await page.locator(selector).first().waitFor();
  await hover(page);
  const frames = await recordFrames(page, async () => {
    for (let step = 0; step < WHEEL_STEPS; step++) {
      await page.mouse.wheel(0, direction * WHEEL_PIXELS);
      await page.waitForTimeout(16);
    }
  });
  await page.context().close();
  return frames;
}

function hover(page: Page): Promise<void> {
  return page.mouse.move(800, 450);
}

async function stream(): Promise<Frames> {
  const page = await dashboard.open("/chat?agent=openai");
  dashboard.model.enqueue(streamedAnswer());
  await page.getByLabel("Message", { exact: true }).fill("Write much");
  await page.keyboard.press("Enter");
  await page.getByRole("article", { name: "openai" }).waitFor();
  const stop = page.getByRole("button", { name: "Stop" });
  const frames = await recordFrames(page, () => stop.waitFor({ state: "detached", timeout: 60_000 }));
  await page.context().close();
  return frames;
}
