import { expect, test } from "bun:test";
import { expectAccessible } from "#e2e/expect-accessible.ts";
import { describePages } from "#testing/browser/describe-pages.ts";
import { SCREENS } from "#testing/browser/screens.ts";

const LOOKS = [
  { viewport: "desktop", theme: "light", language: "en" },
  { viewport: "phone", theme: "dark", language: "vi" },
] as const;
/** How far a page can be moved sideways. */
const OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

describePages("with the data of a company", { data: "rich" }, (dashboard) => {
  test.each(SCREENS.map((screen) => [screen.name, screen] as const))(
    "the screen %s has no problems, fits and is accessible",
    async (_, { path, prepare, as = "admin", isSignedIn = true }) => {
      const at = typeof path === "string" ? path : path(dashboard.rich);
      await Promise.all(
        LOOKS.map(async (look) => {
          const page = await dashboard.open(at, { ...look, as, isSignedIn });
          await prepare?.(page);
          await page.locator("h1").first().waitFor({ state: "attached" });
          expect(await page.evaluate<number>(OVERHANG)).toBe(0);
          await expectAccessible(page);
          page.expectNoProblems(...(isSignedIn ? [] : [/401/]));
          await page.context().close();
        }),
      );
    },
  );
});
