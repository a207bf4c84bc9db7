import { describe, expect, test } from "bun:test";
import type { IncomingMessage } from "node:http";
import { Secret } from "#base/secret.ts";
import { anEgress, aServer, readBody } from "#testing/egress-fixture.ts";
import { callTool } from "#testing/tool-fixture.ts";
import { FRESHNESS_PATTERN, parseFreshness, toDates } from "#tools/search/freshness.ts";
import { createWebSearchTool, type WebSearchOptions } from "#tools/search/web-search.ts";

const NOW = new Date("2026-06-15T12:00:00Z");

/** The answers of the engines, in their documented formats. */
const ANSWERS = {
  exa: {
    requestId: "b5947044c4b78efa9552a7c89b306d95",
    resolvedSearchType: "neural",
    results: [
      {
        title: "One &amp; first",
        url: "https://one.example/",
        publishedDate: "2026-05-01T00:00:00.000Z",
        author: null,
        id: "https://one.example/",
        highlights: ["First  piece", "second piece"],
      },
      { title: null, url: "https://two.example/", text: "Text\nof two", id: "2" },
    ],
    costDollars: { total: 0.005 },
  },
  tavily: {
    query: "q",
    answer: null,
    images: [],
    results: [
      { title: "One", url: "https://one.example/", content: "Content of one", score: 0.81, raw_content: null },
      {
        title: "Two",
        url: "https://two.example/",
        content: "Content of two",
        score: 0.5,
        published_date: "Mon, 1 Jun 2026",
      },
    ],
    response_time: 1.2,
  },
  brave: {
    type: "search",
    query: { original: "q" },
    web: {
      type: "search",
      results: [
        {
          title: "One &amp; <strong>first</strong>",
          url: "https://one.example/",
          description: "All about <strong>one</strong> &#x27;here&#x27;",
          page_age: "2026-05-01T00:00:00",
          age: "May 1, 2026",
          profile: { name: "One" },
        },
        { title: "Two", url: "https://two.example/", description: "All about two" },
      ],
    },
  },
  duckduckgo: `<!DOCTYPE html><html><body><div id="links" class="results">
<div class="result results_links results_links_deep result--ad"><h2 class="result__title">
<a class="result__a" href="https://duckduckgo.com/y.js?ad_domain=ad.example&amp;ad_provider=x">Advert</a></h2>
<a class="result__snippet" href="#">Buy this</a></div>
<div class="result results_links results_links_deep web-result"><div class="links_main links_deep result__body">
<h2 class="result__title"><a rel="nofollow" class="result__a"
 href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fone.example%2F%3Fa%3D1%26b%3D2&amp;rut=abc">One &amp; <b>first</b></a></h2>
<a class="result__snippet" href="//duckduckgo.com/l/?uddg=x">All about <b>one</b> &#x27;here&#x27;</a></div></div>
<div class="result results_links web-result"><h2 class="result__title">
<a class="result__a" href="https://two.example/">Two</a></h2></div>
</div></body></html>`,
} as const;

type Name = keyof typeof ANSWERS;

/** Starts all engines on one local server, each below a path of its own. Returns the requests that they received. */
async function theEngines(answers: Readonly<Partial<Record<Name, unknown>>> = ANSWERS, status = 200) {
  const requests: { name: string; request: IncomingMessage; body: string }[] = [];
  const server = await aServer(async (request, response) => {
    const name = request.url?.split("/")[1] as Name;
    requests.push({ name, request, body: await readBody(request) });
    const answer = answers[name] ?? "";
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  const web = anEgress([`127.0.0.1:${server.port}`]);
  const names: readonly Name[] = ["exa", "tavily", "brave", "duckduckgo"];
  const bases = Object.fromEntries(names.map((name) => [name, `${server.url}/${name}/`]));
  const keysOf = (keys: readonly string[]) =>
    Object.fromEntries(keys.map((name) => [name, new Secret(`${name}-key-1`)]));
  const search = (keys: readonly string[], input: object, tenantSecrets: Readonly<Record<string, Secret>> = {}) => {
    const options: WebSearchOptions = { keys: keysOf(keys), bases };
    const settings = { values: {}, secrets: tenantSecrets };
    return callTool(
      createWebSearchTool(options),
      { query: "q", ...input },
      { web, settings, clock: { now: () => NOW } },
    );
  };
  return { requests, search, last: () => requests.at(-1) };
}

const contentOf = (text: string) => /\n---\n([\s\S]*)\n<<<END_/.exec(text)?.[1];

describe("search engines", () => {
  test("exa", async () => {
    const { search, last } = await theEngines();
    const { text } = await search(["exa"], { count: 3, country: "vn", freshness: "week" });
    expect(contentOf(text)).toBe(
      "1. One &amp; first\nhttps://one.example/\nPublished: 2026-05-01T00:00:00.000Z\nFirst piece … second piece\n\n" +
        "2. https://two.example/\nhttps://two.example/\nText of two",
    );
    expect(last()?.request).toMatchObject({ method: "POST", url: "/exa/search" });
    expect(last()?.request.headers).toMatchObject({ "x-api-key": "exa-key-1", "content-type": "application/json" });
    expect(JSON.parse(last()?.body ?? "")).toEqual({
      query: "q",
      numResults: 3,
      type: "auto",
      contents: { highlights: true },
      userLocation: "VN",
      startPublishedDate: "2026-06-08T00:00:00.000Z",
      endPublishedDate: "2026-06-15T23:59:59.999Z",
    });
  });

  test("tavily", async () => {
    const { search, last } = await theEngines();
    const { text } = await search(["tavily"], { country: "US", freshness: "pm" });
    expect(contentOf(text)).toBe(
      "1. One\nhttps://one.example/\nContent of one\n\n" +
        "2. Two\nhttps://two.example/\nPublished: Mon, 1 Jun 2026\nContent of two",
    );
    expect(last()?.request).toMatchObject({ method: "POST", url: "/tavily/search" });
    expect(last()?.request.headers.authorization).toBe("Bearer tavily-key-1");
    const body = { query: "q", max_results: 5, country: "united states", time_range: "month" };
    expect(JSON.parse(last()?.body ?? "")).toEqual(body);
    await search(["tavily"], { country: "qq", freshness: "2026-01-01to2026-01-31" });
    expect(JSON.parse(last()?.body ?? "")).toEqual({
      query: "q",
      max_results: 5,
      start_date: "2026-01-01",
      end_date: "2026-01-31",
    });
  });

  test("brave", async () => {
    const { search, last } = await theEngines();
    const { text } = await search(["brave"], {
      ...{ query: "đi đâu?", country: "vn", search_lang: "vi", ui_lang: "vi-VN", freshness: "day" },
    });
    expect(contentOf(text)).toBe(
      "1. One & first\nhttps://one.example/\nPublished: 2026-05-01T00:00:00\nAll about one 'here'\n\n" +
        "2. Two\nhttps://two.example/\nAll about two",
    );
    const url = new URL(last()?.request.url ?? "", "http://x");
    expect(url.pathname).toBe("/brave/res/v1/web/search");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      ...{ q: "đi đâu?", count: "5", country: "VN", search_lang: "vi", ui_lang: "vi-VN", freshness: "pd" },
    });
    expect(last()?.request.headers["x-subscription-token"]).toBe("brave-key-1");
  });

  test("duckduckgo, without a key and without advertisements", async () => {
    const { search, last } = await theEngines();
    const { text } = await search([], { country: "US", search_lang: "en", freshness: "2026-01-01to2026-01-31" });
    expect(contentOf(text)).toBe(
      "1. One & first\nhttps://one.example/?a=1&b=2\nAll about one 'here'\n\n2. Two\nhttps://two.example/",
    );
    const url = new URL(last()?.request.url ?? "", "http://x");
    expect(url.pathname).toBe("/duckduckgo/html/");
    expect(Object.fromEntries(url.searchParams)).toEqual({ q: "q", kl: "us-en", df: "2026-01-01..2026-01-31" });
  });

  test("duckduckgo may ask for proof that the caller is human", async () => {
    const { search } = await theEngines({ duckduckgo: '<div class="anomaly-modal__title">Bots</div>' });
    expect((await search([], {})).text).toContain("takes us for a robot");
  });
});

describe("the search engine", () => {
  const EVERY = ["brave", "tavily", "exa"];

  test("is the first of exa, tavily and brave that has a key, or else duckduckgo", async () => {
    const { search, requests } = await theEngines();
    for (const keys of [EVERY, ["brave", "tavily"], ["brave"], []]) await search(keys, {});
    expect(requests.map(({ name }) => name)).toEqual(["exa", "tavily", "brave", "duckduckgo"]);
  });

  test("is one of the tenant's own if the tenant has a key", async () => {
    const { search, last } = await theEngines();
    await search(EVERY, {}, { brave_api_key: new Secret("tenant-key-1") });
    expect(last()?.name).toBe("brave");
    expect(last()?.request.headers["x-subscription-token"]).toBe("tenant-key-1");
  });

  test.each([
    [401, "The search engine brave refused its API key."],
    [429, "The search engine brave has no calls left right now."],
    [422, "The search engine brave did not take these arguments: leave out country, languages or freshness."],
    [500, "The search engine brave answered 500."],
  ])("may answer %i, which the model reads as an error", async (status, text) => {
    const { search, requests } = await theEngines(ANSWERS, status);
    expect(await search(["brave"], {})).toEqual({ text, isError: true });
    expect(requests).toHaveLength(1);
  });

  test.each(["exa", "tavily", "brave"] as const)("may be %s and return a malformed answer", async (name) => {
    for (const answer of ["no json", { results: 5, web: 5 }, { results: [{ url: 1 }], web: { results: [{}] } }]) {
      const { search } = await theEngines({ [name]: answer });
      const { text } = await search([name], {});
      expect(text).toBe(`The search engine ${name} gave an answer that is not understood.`);
    }
  });

  test("may find nothing, or only URLs that are no web pages", async () => {
    const nothing = await theEngines({ brave: { type: "search" } });
    expect((await nothing.search(["brave"], {})).text).toBe("Nothing was found.");
    const odd = await theEngines({ brave: { web: { results: [{ url: "javascript:alert(1)", title: "x" }] } } });
    expect((await odd.search(["brave"], {})).text).toBe("Nothing was found.");
  });

  test("returns at most the requested number of results, marked as untrusted", async () => {
    const { search } = await theEngines();
    for (const name of ["exa", "tavily", "brave"]) {
      const { text } = await search([name], { count: 1 });
      expect(contentOf(text)).not.toContain("2. ");
      expect(text).toContain(`Source: web search by ${name}\n`);
    }
  });

  test("receives no request with invalid arguments", async () => {
    const { search, requests } = await theEngines();
    for (const input of [
      { query: " " },
      { count: 11 },
      { country: "USA" },
      { freshness: "soon" },
      { ui_lang: "&x=1" },
    ]) {
      expect((await search([], input)).isError).toBe(true);
    }
    expect(requests).toHaveLength(0);
  });
});

test("freshness is a unit in long or short form, or a range of days", () => {
  for (const text of ["d", "pd", "day"]) expect(parseFreshness(text)).toEqual({ kind: "past", unit: "day" });
  for (const text of ["m", "pm", "month"]) expect(parseFreshness(text)).toEqual({ kind: "past", unit: "month" });
  expect(toDates(parseFreshness("year"), NOW)).toEqual({ from: "2025-06-14", to: "2026-06-15" });
  expect(toDates(parseFreshness("2026-01-01to2026-02-01"), NOW)).toEqual({ from: "2026-01-01", to: "2026-02-01" });
  expect(["p", "hour", "2026", "2026-01-01to"].filter((text) => FRESHNESS_PATTERN.test(text))).toEqual([]);
});
