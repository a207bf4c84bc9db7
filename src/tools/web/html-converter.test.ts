import { describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, newId, TenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import type { ThreadOptions } from "#base/threads/thread.ts";
import { HtmlConverter } from "#tools/web/html-converter.ts";

const job = (html: string) =>
  ({ html, url: "https://example.com/", format: "markdown", maxChars: LIMITS.webFetchChars }) as const;

const convert = (
  converter: HtmlConverter,
  html: string,
  {
    tenant = MASTER_TENANT_ID,
    signal = new AbortController().signal,
  }: { tenant?: TenantId; signal?: AbortSignal } = {},
) => converter.convert(job(html), tenant, signal);

const outcomeOf = (promise: Promise<string>) => promise.catch((thrown: Error) => `failed: ${thrown.message}`);
const UNREADABLE = "failed: The page could not be turned into text.";

const newTenant = () => TenantId.parse(newId());

/** Returns a function that starts threads with this code, and counts them. */
function createThreads(code: string) {
  const url = URL.createObjectURL(new Blob([code], { type: "application/javascript" }));
  const state = { started: 0 };
  const start: ThreadOptions["start"] = () => {
    state.started++;
    return new Worker(url);
  };
  return { state, start };
}

describe("the threads that convert pages", () => {
  test("converts many pages and gives each its own text", async () => {
    const converter = new HtmlConverter();
    const texts = await Promise.all(Array.from({ length: 20 }, (_, index) => convert(converter, `<h1>${index}</h1>`)));
    expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `# ${index}`));
  });

  test("is replaced if a page takes too long, and then converts the other pages", async () => {
    const { state, start } = createThreads(
      "self.onmessage = ({ data }) => { while (data.html === 'loop'); postMessage({ text: data.html }); }",
    );
    const converter = new HtmlConverter({ start, timeoutMs: 300 });
    const outcomes = ["a", "loop", "b", "loop", "c"].map((html) => outcomeOf(convert(converter, html)));
    expect(await Promise.all(outcomes)).toEqual(["a", UNREADABLE, "b", UNREADABLE, "c"]);
    expect(state.started).toBe(3);
  });

  test("is replaced if it crashes or exits", async () => {
    const { state, start } = createThreads(
      `self.onmessage = ({ data }) => {
        if (data.html === 'throw') throw new Error('no');
        if (data.html === 'exit') process.exit(1);
        postMessage(data.html === 'error' ? { error: 'no' } : { text: data.html });
      }`,
    );
    const converter = new HtmlConverter({ start });
    const outcomes = ["a", "throw", "b", "exit", "c", "error", "d"].map((html) => outcomeOf(convert(converter, html)));
    expect(await Promise.all(outcomes)).toEqual(["a", UNREADABLE, "b", UNREADABLE, "c", UNREADABLE, "d"]);
    expect(state.started).toBe(3);
  });

  test("is not started before the first page, nor for an aborted request", async () => {
    const { state, start } = createThreads("self.onmessage = () => postMessage({ text: 'x' })");
    const converter = new HtmlConverter({ start });
    expect(await outcomeOf(convert(converter, "a", { signal: AbortSignal.abort() }))).toBe(UNREADABLE);
    expect(state.started).toBe(0);
  });

  test("have a bounded queue, of which no tenant takes up everything", async () => {
    const { start } = createThreads("self.onmessage = () => {}");
    const converter = new HtmlConverter({ start, timeoutMs: 1 });
    const fill = (tenant: TenantId) =>
      Array.from({ length: LIMITS.htmlWaitingPerTenant + 2 }, () => outcomeOf(convert(converter, "a", { tenant })));
    const [first, second] = [fill(MASTER_TENANT_ID), fill(newTenant())];
    const refused = "failed: Too many pages are being read right now: try again.";
    const outcomes = await Promise.all([...first, ...second]);
    expect(outcomes.map((outcome) => outcome === refused)).toEqual(
      outcomes.map((_, index) => index === first.length - 1 || index === outcomes.length - 1),
    );
  });

  test("read one tenant's pages while all pages of another hang", async () => {
    const { start } = createThreads(
      "self.onmessage = ({ data }) => { while (data.html === 'loop'); postMessage({ text: data.html }); }",
    );
    const converter = new HtmlConverter({ start, timeoutMs: 60_000 });
    const greedy = newTenant();
    for (let page = 0; page < LIMITS.htmlWaitingPerTenant; page++) {
      void outcomeOf(convert(converter, "loop", { tenant: greedy }));
    }
    expect(await convert(converter, "mine", { tenant: newTenant() })).toBe("mine");
  });
});

test.each([
  ["nested", "<div>".repeat(300_000)],
  ["unclosed", "<b><i>".repeat(200_000)],
  ["tables", "<table><tr><td>".repeat(100_000)],
  ["brackets", "<".repeat(1_000_000)],
  ["comments", "<!--".repeat(250_000)],
  ["attributes", `<a ${"b=c ".repeat(300_000)}>x</a>`],
  ["quotes", "<blockquote>".repeat(500) + "x<br>".repeat(300_000)],
])("a page of %s neither breaks the gateway nor blocks it", async (_, html) => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const outcome = await outcomeOf(convert(new HtmlConverter({ timeoutMs: 2_000 }), html));
  clearInterval(timer);
  expect(outcome === UNREADABLE || outcome.length <= LIMITS.webFetchChars + 1).toBe(true);
  expect(turns).toBeGreaterThan(0);
});
