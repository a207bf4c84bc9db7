import type { Environment } from "#app/config/read-environment.ts";
import type { Config } from "#app/config/schema.ts";
import { ok, problem } from "#app/doctor/finding.ts";
import { toReason } from "#app/doctor/to-reason.ts";
import { createEgress, type Egress } from "#base/egress/create-egress.ts";
import { EgressError } from "#base/egress/egress-error.ts";
import { hostAndPort } from "#base/egress/egress-policy.ts";
import type { Finding } from "#core/findings.ts";
import { brave } from "#tools/search/brave.ts";
import { duckDuckGo } from "#tools/search/duckduckgo.ts";
import { exa } from "#tools/search/exa.ts";
import { tavily } from "#tools/search/tavily.ts";

const WAIT_MS = 5_000;
const NOTHING_TO_RESOLVE = "no provider or search engine with a name to resolve is set up";
const PROXY_VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** Checks that the host names of these bases and of the search engines resolve. Connects to none of them. */
export async function examineNames(bases: readonly string[], { tools }: Config, egress: Egress): Promise<Finding> {
  const urls = [...bases, ...searchBases(tools.web_search)].flatMap((base) => URL.parse(base) ?? []);
  const byName = new Map(urls.filter(needsLookup).map((url) => [url.hostname, url]));
  const found = await Promise.all(
    [...byName].map(async ([name, url]) => ({ name, outcome: await resolve(url, egress) })),
  );
  const namesOf = (outcome: Resolution) => found.filter((each) => each.outcome === outcome).map(({ name }) => name);
  const [lost, resolved] = [namesOf("lost"), namesOf("resolved")];
  if (lost.length === 0 && resolved.length === 0) return ok("network", NOTHING_TO_RESOLVE);
  if (lost.length === 0) return ok("network", `names resolve: ${resolved.join(", ")}`);
  const advice = "Check these names, and the name servers of this machine (/etc/resolv.conf).";
  return problem("network", `names that do not resolve: ${lost.join(", ")}`, advice);
}

/** Checks that the configured proxy is reachable. Mentions a proxy variable of the environment as unused. */
export async function examineProxy({ egress: { proxy } }: Config, env: Environment): Promise<Finding> {
  if (proxy) return reachProxy(new URL(proxy.reveal()));
  const variable = PROXY_VARIABLES.find((name) => env[name]);
  return ok("network", variable ? `no proxy is set (egress.proxy); ${variable} is not used` : "no proxy is set");
}

/** Returns the base URLs of the search engines that the operator configured with a key or a base. */
function searchBases(search: Config["tools"]["web_search"]): readonly string[] {
  const chosen = [
    { engine: exa, key: search.exa_api_key, base: search.exa_base },
    { engine: tavily, key: search.tavily_api_key, base: search.tavily_base },
    { engine: brave, key: search.brave_api_key, base: search.brave_base },
    { engine: duckDuckGo, key: undefined, base: search.duckduckgo_base },
  ];
  return chosen.flatMap(({ engine, key, base }) => base ?? (key ? engine.defaultBase : []));
}

/** Returns whether the host of a URL is a name that must be resolved: neither an address nor localhost. */
const needsLookup = ({ hostname }: URL): boolean => !/^\[|^[\d.]+$|^(.+\.)?localhost\.?$/.test(hostname);

/** `refused` says nothing about the name, because some names are refused before any lookup. */
type Resolution = "resolved" | "lost" | "refused";

async function resolve({ href }: URL, egress: Egress): Promise<Resolution> {
  try {
    await egress.for("provider").check(href);
    return "resolved";
  } catch (thrown) {
    return thrown instanceof EgressError && thrown.kind === "dns" ? "lost" : "refused";
  }
}

async function reachProxy(proxy: URL): Promise<Finding> {
  const place = hostAndPort(proxy);
  const egress = createEgress({ allowHosts: new Set([place]), allowPrivateProviderUrls: false });
  try {
    const options = { signal: AbortSignal.timeout(WAIT_MS), redirect: "manual" as const };
    const response = await egress.for("web").fetch(`http://${place}/`, options);
    await response.body?.cancel();
    return ok("network", `the proxy ${place} answers`);
  } catch (thrown) {
    const reason = toReason(thrown, WAIT_MS);
    // The proxy accepted the connection but not this request. It may support only CONNECT.
    if (reason === "network") return ok("network", `the proxy ${place} takes connections`);
    return problem(
      "network",
      `the proxy ${place} cannot be reached (${reason})`,
      "Check egress.proxy, and that it runs.",
    );
  } finally {
    egress.close();
  }
}
