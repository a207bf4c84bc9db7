import { expect, test } from "bun:test";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";

/** What a first visit may load beside fonts: document, scripts, styles and one language, in bytes as they travel. */
const FIRST_LOAD = 250 * 1_024;
/** Sums what the page loaded, without fonts and without calls of the gateway. */
const LOADED = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter(({ name }) => !/\\.woff2$|\\/v1\\//.test(name))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

describePages("a first visit", {}, (dashboard) => {
  test(`loads at most ${FIRST_LOAD / 1_024} KB beside fonts`, async () => {
    const page = await dashboard.open("/", { isSignedIn: false });
    expect(await page.evaluate<number>(LOADED)).toBeWithin(10_000, FIRST_LOAD);
    page.expectNoProblems(/401/);
  });

  test.each(["light", "dark"] as const)("asks everybody for a way in, in a %s theme", async (theme) => {
    for (const viewport of ["desktop", "phone"] as const) {
      const page = await dashboard.open("/", { isSignedIn: false, theme, viewport });
      expect(await page.locator("h1").count()).toBe(1);
      await expectAccessible(page);
      page.expectNoProblems(/401/);
    }
  });

  test.each([
    ["owner", "en"],
    ["admin", "vi"],
    ["operator", "zh"],
    ["viewer", "en"],
  ] as const)("of a signed-in %s shows a screen in the language %s", async (as, language) => {
    const page = await dashboard.open("/", { as, language });
    expect(await page.locator("html").getAttribute("lang")).toStartWith(language);
    expect(await page.locator("h1").count()).toBe(1);
    page.expectNoProblems();
  });
});
