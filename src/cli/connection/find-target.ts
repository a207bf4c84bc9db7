import { isLoopback } from "#base/is-loopback.ts";
import { Secret } from "#base/secret.ts";
import { UsageError } from "#cli/command-errors.ts";
import type { Contexts } from "#cli/connection/contexts.ts";
import type { Target } from "#cli/connection/target.ts";
import { VARIABLES } from "#cli/connection/variables.ts";
import type { Environment } from "#cli/terminal/terminal.ts";

/** What a command line says about the gateway to call. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly token?: string;
  readonly user?: string;
  readonly tenant?: string;
  readonly context?: string;
}

/**
 * Finds the gateway that a command calls: by its options, else by the environment, else the current context, else the
 * gateway of this machine. A stored token goes only to the gateway that it was stored for.
 */
export function findTarget(
  options: ConnectionOptions,
  { env, contexts, findLocal }: { readonly env: Environment; readonly contexts: Contexts; findLocal(): Target },
): Target {
  if (options.url !== undefined && options.context !== undefined)
    throw new UsageError("--url and --context each name a gateway: give one of them.");
  const named = readVariables(env);
  const fromOptions = toPart(options);
  if (options.context !== undefined) return { ...contextTarget(contexts, options.context), ...fromOptions };
  const part = { ...toPart(named), ...fromOptions };
  const url = options.url ?? named.url;
  if (url !== undefined) {
    const ownToken = options.url === undefined && env.GOCLAW_GATEWAY_TOKEN;
    const address = toAddress(url);
    return {
      source: { kind: "named" },
      ...(ownToken && { token: new Secret(ownToken) }),
      ...part,
      url: address,
    };
  }
  const name = named.context ?? contexts.current;
  const base = name === undefined ? findLocal() : contextTarget(contexts, name);
  return { ...base, ...part };
}

/**
 * Checks the address of a gateway. Returns it without a trailing slash. A bare name is that of a machine, which is
 * asked by https unless it is this one.
 */
export function toAddress(text: string): string {
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `${isThisMachine(text) ? "http" : "https"}://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new UsageError(`${text} is no address of a gateway, such as https://gateway.example.com.`);
  return url.href.replace(/\/+$/, "");
}

function isThisMachine(name: string): boolean {
  const address = `http://${name}`;
  return URL.canParse(address) && isLoopback(new URL(address).hostname);
}

/** What the environment says. An empty variable counts as not set. */
const readVariables = (env: Environment): ConnectionOptions =>
  Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, variable]) => (env[variable] ? [[name, env[variable]]] : [])),
  );

const toPart = ({ token, user, tenant }: Pick<ConnectionOptions, "token" | "user" | "tenant">) => ({
  ...(token !== undefined && { token: new Secret(token.trim()) }),
  ...(user !== undefined && { user }),
  ...(tenant !== undefined && { tenant }),
});

function contextTarget(contexts: Contexts, name: string): Target {
  const stored = contexts.get(name);
  return { source: { kind: "context", name }, ...toPart(stored), url: stored.url };
}
