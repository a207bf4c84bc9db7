import type { Dashboard, DashboardPage, OpenOptions } from "#testing/browser/dashboard-fixture.ts";

/** A screen that is tested, and mostly a picture of the documentation. */
export interface Screen {
  /** What the file is called by. */
  readonly name: string;
  /** Where it is. Some paths have an id. */
  readonly path: string | ((rich: Dashboard["rich"]) => string);
  readonly as?: OpenOptions["as"];
  /** False shows it to a stranger. */
  readonly isSignedIn?: boolean;
  /** False for what shows more of the machine than of the product, such as its directories. */
  readonly isPictured?: boolean;
  /** What a person does before the picture is made. */
  readonly prepare?: (page: DashboardPage) => Promise<void>;
}

/** In the order of the navigation. */
export const SCREENS: readonly Screen[] = [
  { name: "sign-in", path: "/", isSignedIn: false },
  { name: "home", path: "/" },
  { name: "chat", path: "/chat?session=agent:support:refund-a-10442" },
  { name: "chat-tools", path: "/chat?session=agent:release:red-build" },
  { name: "chat-running", path: "/chat?session=agent:release:changelog-since-2-0" },
  { name: "agents", path: "/agents" },
  { name: "agent", path: "/agents/support" },
  { name: "agent-files", path: "/agents/support?tab=instructions" },
  { name: "runs", path: "/runs" },
  { name: "run", path: ({ runs }) => `/runs/${runs.retried}` },
  { name: "run-failed", path: ({ runs }) => `/runs/${runs.failed}` },
  { name: "tools", path: "/tools" },
  { name: "tools-custom", path: "/tools?tab=custom" },
  { name: "tools-mcp", path: "/tools?tab=mcp" },
  { name: "tools-skills", path: "/tools?tab=skills" },
  { name: "knowledge", path: "/knowledge" },
  { name: "knowledge-files", path: "/knowledge?tab=files" },
  { name: "knowledge-media", path: "/knowledge?tab=media" },
  { name: "channels", path: "/channels" },
  {
    name: "channels-outbox",
    path: "/channels",
    prepare: async (page) => {
      await page.getByRole("row").filter({ hasText: "@helper_bot" }).getByRole("link").click();
      await page.getByRole("tab").last().click();
      await page.getByRole("region").getByRole("listitem").first().waitFor();
    },
  },
  { name: "channels-pairing", path: "/channels?tab=pairing" },
  { name: "channels-quota", path: "/channels?tab=quota" },
  { name: "usage", path: "/usage" },
  { name: "settings-providers", path: "/settings?tab=providers", as: "owner" },
  { name: "settings-keys", path: "/settings?tab=keys", as: "owner" },
  { name: "settings-people", path: "/settings?tab=people", as: "owner" },
  { name: "settings-configuration", path: "/settings?tab=configuration", as: "owner", isPictured: false },
  { name: "settings-activity", path: "/settings?tab=activity", as: "owner" },
  { name: "settings-jobs", path: "/settings?tab=jobs", as: "owner" },
  { name: "settings-logs", path: "/settings?tab=logs", as: "owner" },
  { name: "settings-browsers", path: "/settings?tab=browsers", as: "owner", isPictured: false },
  { name: "settings-about", path: "/settings?tab=about", as: "owner", isPictured: false },
  {
    name: "palette",
    path: "/",
    prepare: async (page) => {
      await page.keyboard.press("ControlOrMeta+k");
      await page.getByRole("dialog").waitFor();
    },
  },
];
