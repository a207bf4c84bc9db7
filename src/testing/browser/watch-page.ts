import type { Page } from "playwright-core";

/** What a page of a test can tell beside what Playwright knows. */
export interface PageChecks {
  /** The errors of its scripts, of its console and of its content security policy, oldest first. */
  readonly problems: readonly string[];
  /** Throws if there were problems that no pattern fits. Those so far are forgotten. */
  expectNoProblems(...expected: readonly RegExp[]): void;
}

/** Collects the problems of a page. */
export function watchPage(page: Page): PageChecks {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`uncaught: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    // Chromium reports violations of the policy, and resources that fail to load, as errors of the console.
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("crash", () => problems.push("the page crashed"));
  return {
    problems,
    expectNoProblems(...expected) {
      const unexpected = problems.splice(0).filter((problem) => !expected.some((pattern) => pattern.test(problem)));
      if (unexpected.length > 0) throw new Error(`the page ${page.url()} had problems:\n${unexpected.join("\n")}`);
    },
  };
}
