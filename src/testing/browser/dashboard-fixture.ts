import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "#testing/browser/launch-browser.ts";
import type { RichData } from "#testing/browser/rich-data/add-rich-data.ts";
import { startRichGateway } from "#testing/browser/rich-data/start-rich-gateway.ts";
import { createSignIn, type Role, VIEWERS } from "#testing/browser/sign-in-context.ts";
import { type PageChecks, watchPage } from "#testing/browser/watch-page.ts";
import { type ChatGateway, startChatGateway } from "#testing/chat-fixture.ts";
import type { TestDialect } from "#testing/test-database.ts";
import type { TestGatewayOptions } from "#testing/test-gateway.ts";

export interface DashboardOptions {
  readonly dialect?: TestDialect;
  /** `rich` is the data of a company at work. By default, there is none. */
  readonly data?: "rich" | "none";
  /** Configuration as environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The `host:port` pairs of servers that the gateway may call. The rich data has its own. */
  readonly allowHosts?: readonly string[];
}

export interface OpenOptions {
  /** By default, an administrator. */
  readonly as?: Role;
  /** By default, that of the role in `VIEWERS`. */
  readonly user?: string;
  /** The slug of a tenant. By default, the master tenant. */
  readonly tenant?: string;
  /** By default, light. */
  readonly theme?: "light" | "dark";
  /** By default, English. */
  readonly language?: "en" | "vi" | "zh";
  /** 1440 x 900, or 390 x 844 with touch. */
  readonly viewport?: keyof typeof VIEWPORTS;
  /** False opens the page as a stranger. */
  readonly isSignedIn?: boolean;
}

export type DashboardPage = Page & PageChecks;

export interface Dashboard extends ChatGateway {
  readonly browser: Browser;
  /** What was added. Throws if `data` is not `rich`. */
  readonly rich: RichData;
  /** Opens a path in a browser context of its own, and waits until nothing is loading. */
  open(path: string, options?: OpenOptions): Promise<DashboardPage>;
  /** Closes all pages, which would go on working. Throws if one had problems that no test expected. */
  closePages(): Promise<void>;
  /** Closes all pages and stops everything. */
  stop(): Promise<void>;
}

const VIEWPORTS = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

/** How long a page may take to do anything, in milliseconds. Far above what it takes on a busy machine. */
const PATIENCE = 15_000;

/** Starts a gateway with the dashboard, a scripted model and a browser. The dashboard must have been built. */
export async function startDashboard({
  dialect,
  data = "none",
  env = {},
  allowHosts = [],
}: DashboardOptions = {}): Promise<Dashboard> {
  const options = { hasPages: true, env, allowHosts, ...(dialect && { dialect }) };
  const { gateway, rich } = await startGateway(data, options);
  const browser = await launchBrowser();
  const signIn = createSignIn(gateway);
  const pages: DashboardPage[] = [];
  const closePages = async () => {
    const opened = pages.splice(0);
    await Promise.all(opened.map((page) => page.context().close()));
    for (const page of opened) page.expectNoProblems();
  };

  return {
    ...gateway,
    browser,
    get rich() {
      if (!rich) throw new Error("this dashboard has no rich data");
      return rich;
    },
    async open(path, options = {}) {
      const { as = "admin", tenant = "master", theme = "light", language = "en", viewport = "desktop" } = options;
      const context = await browser.newContext({
        ...VIEWPORTS[viewport],
        baseURL: gateway.url,
        reducedMotion: "reduce",
      });
      context.setDefaultTimeout(PATIENCE);
      const kept = {
        "goclaw.theme": theme,
        "goclaw.language": language,
        ...(options.tenant && { "goclaw.tenant": tenant }),
      };
      await context.addInitScript({ content: toInitScript(kept) });
      if (options.isSignedIn !== false) {
        await signIn(context, { as, tenant, user: options.user ?? VIEWERS[as] });
      }
      const page = await context.newPage();
      const opened = Object.assign(page, watchPage(page));
      pages.push(opened);
      await page.goto(path);
      await page.locator("#root > *").first().waitFor({ state: "attached" });
      await page.waitForLoadState("networkidle");
      return opened;
    },
    closePages,
    async stop() {
      try {
        await closePages();
      } finally {
        await browser.close();
        await gateway.stop();
      }
    },
  };
}

async function startGateway(
  data: "rich" | "none",
  options: TestGatewayOptions,
): Promise<{ readonly gateway: ChatGateway; readonly rich?: RichData }> {
  if (data === "none") return { gateway: await startChatGateway({ ...options, wires: ["openai"] }) };
  const gateway = await startRichGateway(options);
  return { gateway, rich: gateway.rich };
}

/** What a person chose before must not be chosen again at each load of a page. */
const toInitScript = (kept: Readonly<Record<string, string>>): string =>
  `for (const [key, value] of Object.entries(${JSON.stringify(kept)}))
    if (localStorage.getItem(key) === null) localStorage.setItem(key, value);`;
