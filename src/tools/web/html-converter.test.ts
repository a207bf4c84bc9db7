import { describe, expect, test } from "bun:test";
import { LIMITS } from "#base/limits.ts";
import { HtmlConverter, type HtmlConverterOptions } from "#tools/web/html-converter.ts";

const convert = (converter: HtmlConverter, html: string, signal = new AbortController().signal) =>
  converter.convert({ html, url: "https://example.com/", format: "markdown", maxChars: LIMITS.webFetchChars }, signal);

const outcomeOf = (promise: Promise<string>) => promise.catch((thrown: Error) => `failed: ${thrown.message}`);
const UNREADABLE = "failed: The page could not be turned into text.";

/** Threads that run this code, and how many of them were started. */
function threadsOf(code: string) {
  const url = URL.createObjectURL(new Blob([code], { type: "application/javascript" }));
  const state = { started: 0 };
  const startWorker: HtmlConverterOptions["startWorker"] = () => {
    state.started++;
    return new Worker(url);
  };
  return { state, startWorker };
}

describe("pages are turned into text in a thread", () => {
  test("many at once, each with its own answer", async () => {
    const converter = new HtmlConverter();
    const texts = await Promise.all(Array.from({ length: 20 }, (_, index) => convert(converter, `<h1>${index}</h1>`)));
    expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `# ${index}`));
  });

  test("that is replaced when a page takes too long, and the others follow", async () => {
    const { state, startWorker } = threadsOf(
      "self.onmessage = ({ data }) => { while (data.html === 'loop'); postMessage({ text: data.html }); }",
    );
    const converter = new HtmlConverter({ startWorker, timeoutMs: 300 });
    const outcomes = ["a", "loop", "b", "loop", "c"].map((html) => outcomeOf(convert(converter, html)));
    expect(await Promise.all(outcomes)).toEqual(["a", UNREADABLE, "b", UNREADABLE, "c"]);
    expect(state.started).toBe(3);
  });

  test("that is replaced when it crashes or leaves", async () => {
    const { state, startWorker } = threadsOf(
      `self.onmessage = ({ data }) => {
        if (data.html === 'throw') throw new Error('no');
        if (data.html === 'exit') process.exit(1);
        postMessage(data.html === 'error' ? { error: 'no' } : { text: data.html });
      }`,
    );
    const converter = new HtmlConverter({ startWorker });
    const outcomes = ["a", "throw", "b", "exit", "c", "error", "d"].map((html) => outcomeOf(convert(converter, html)));
    expect(await Promise.all(outcomes)).toEqual(["a", UNREADABLE, "b", UNREADABLE, "c", UNREADABLE, "d"]);
    expect(state.started).toBe(3);
  });

  test("which is not started before the first page, nor for one that nobody waits for", async () => {
    const { state, startWorker } = threadsOf("self.onmessage = () => postMessage({ text: 'x' })");
    const converter = new HtmlConverter({ startWorker });
    expect(await outcomeOf(convert(converter, "a", AbortSignal.abort()))).toBe(UNREADABLE);
    expect(state.started).toBe(0);
  });

  test("with a bounded queue", async () => {
    const { startWorker } = threadsOf("self.onmessage = () => {}");
    const converter = new HtmlConverter({ startWorker, timeoutMs: 1 });
    const outcomes = Array.from({ length: LIMITS.htmlWaiting + 2 }, () => outcomeOf(convert(converter, "a")));
    expect(await outcomes.at(-1)).toBe("failed: Too many pages are being read right now: try again.");
    await Promise.all(outcomes);
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
