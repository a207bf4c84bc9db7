import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { NotFound } from "#web/app/not-found.tsx";
import { PageFault } from "#web/app/page-fault.tsx";
import { Shell } from "#web/app/shell/shell.tsx";

/** Reads filters from the URL: plain texts, of which those that are absent or odd are left out. */
const texts =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Readonly<Record<string, unknown>>): { [Key in Name]?: string } =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = search[name];
        return value === undefined || value === "" || typeof value === "object" ? [] : [[name, String(value)]];
      }),
    ) as { [Key in Name]?: string };

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageFault });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("#web/screens/home/home-screen.tsx"), "HomeScreen"),
});

const chat = createRoute({
  getParentRoute: () => root,
  path: "/chat",
  validateSearch: texts("agent", "of", "session", "q", "run"),
  component: lazyRouteComponent(() => import("#web/screens/chat/chat-screen.tsx"), "ChatScreen"),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: "/agents",
  validateSearch: texts("q", "view"),
  component: lazyRouteComponent(() => import("#web/screens/agents/agents-screen.tsx"), "AgentsScreen"),
});

const agent = createRoute({
  getParentRoute: () => root,
  path: "/agents/$agentId",
  validateSearch: texts("tab", "item"),
  component: lazyRouteComponent(() => import("#web/screens/agents/agent-screen.tsx"), "AgentScreen"),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: texts("agent", "user", "status", "session", "q", "tool", "channel", "from", "to"),
  component: lazyRouteComponent(() => import("#web/screens/runs/runs-screen.tsx"), "RunsScreen"),
});

const run = createRoute({
  getParentRoute: () => root,
  path: "/runs/$runId",
  validateSearch: texts("step"),
  component: lazyRouteComponent(() => import("#web/screens/runs/run/run-screen.tsx"), "RunScreen"),
});

const tools = createRoute({
  getParentRoute: () => root,
  path: "/tools",
  validateSearch: texts("tab", "q", "item", "part", "version"),
  component: lazyRouteComponent(() => import("#web/screens/tools/tools-screen.tsx"), "ToolsScreen"),
});

const knowledge = createRoute({
  getParentRoute: () => root,
  path: "/knowledge",
  validateSearch: texts("tab", "q", "agent", "user", "of", "owner", "doc", "path", "file", "kind"),
  component: lazyRouteComponent(() => import("#web/screens/knowledge/knowledge-screen.tsx"), "KnowledgeScreen"),
});

const channels = createRoute({
  getParentRoute: () => root,
  path: "/channels",
  validateSearch: texts("tab", "item", "part", "show"),
  component: lazyRouteComponent(() => import("#web/screens/channels/channels-screen.tsx"), "ChannelsScreen"),
});

const usage = createRoute({
  getParentRoute: () => root,
  path: "/usage",
  validateSearch: texts(
    ...(["period", "from", "to", "by", "measure", "compare", "split"] as const),
    ...(["agent", "provider", "model", "user", "channel"] as const),
  ),
  component: lazyRouteComponent(() => import("#web/screens/usage/usage-screen.tsx"), "UsageScreen"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: texts("tab", "q", "item", "show", "actor", "action", "entity", "period", "from", "to", "level"),
  component: lazyRouteComponent(() => import("#web/screens/settings/settings-screen.tsx"), "SettingsScreen"),
});

export const createPageRouter = () =>
  createRouter({
    routeTree: root.addChildren([home, chat, agents, agent, runs, run, tools, knowledge, channels, usage, settings]),
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: PageFault,
    defaultNotFoundComponent: NotFound,
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
