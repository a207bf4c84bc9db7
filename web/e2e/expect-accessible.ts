import type { AxeResults } from "axe-core";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** Of lesser findings, a page may have some. */
const IMPACTS = ["serious", "critical"];

/** Throws if the page is hard or impossible to use for some people, and says which elements are why. */
export async function expectAccessible(page: Page): Promise<void> {
  // The policy of the page forbids to add a script, but not to evaluate one from outside.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  const findings = violations
    .filter(({ impact }) => IMPACTS.includes(impact ?? ""))
    .map(({ id, impact, help, nodes }) => [`${impact} ${id}: ${help}`, ...nodes.map(toLine)].join("\n"));
  if (findings.length > 0) throw new Error(`${page.url()} is not accessible:\n${findings.join("\n")}`);
}

const toLine = ({ target, html, failureSummary = "" }: AxeResults["violations"][number]["nodes"][number]): string =>
  `  ${target.join(" ")}  ${html.slice(0, 120)}\n    ${failureSummary.replaceAll(/\s+/g, " ")}`;
