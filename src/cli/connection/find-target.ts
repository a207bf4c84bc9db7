import { Secret } from "#base/secret.ts";
import { UsageError } from "#cli/command-errors.ts";
import type { Contexts } from "#cli/connection/contexts.ts";
import type { Target } from "#cli/connection/target.ts";
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
  const named = namesIn(env);
  const fromOptions = toPart(options);
  if (options.context !== undefined) return { ...contextTarget(contexts, options.context), ...fromOptions };
  const { token: environmentToken, ...rest } = toPart(named);
  const fromEnvironment = { ...rest, ...(environmentToken && { token: environmentToken }), ...fromOptions };

  const url = options.url ?? named.url;
  if (url !== undefined) {
    const ownToken = options.url === undefined && env.GOCLAW_GATEWAY_TOKEN;
    const address = toAddress(url);
    return {
      source: { kind: "named" },
      ...(ownToken && { token: new Secret(ownToken) }),
      ...fromEnvironment,
      url: address,
    };
  }
  const name = named.context ?? contexts.current;
  const base = name === undefined ? findLocal() : contextTarget(contexts, name);
  return { ...base, ...fromEnvironment };
}

/** Checks the address of a gateway. Returns it without a trailing slash. */
export function toAddress(text: string): string {
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new UsageError(`${text} is no address of a gateway, such as https://gateway.example.com.`);
  return url.href.replace(/\/+$/, "");
}

function namesIn(env: Environment): ConnectionOptions {
  const {
    GOCLAW_URL: url,
    GOCLAW_TOKEN: token,
    GOCLAW_USER: user,
    GOCLAW_TENANT: tenant,
    GOCLAW_CONTEXT: context,
  } = env;
  return {
    ...(url && { url }),
    ...(token && { token }),
    ...(user && { user }),
    ...(tenant && { tenant }),
    ...(context && { context }),
  };
}

const toPart = ({ token, user, tenant }: Pick<ConnectionOptions, "token" | "user" | "tenant">) => ({
  ...(token !== undefined && { token: new Secret(token.trim()) }),
  ...(user !== undefined && { user }),
  ...(tenant !== undefined && { tenant }),
});

function contextTarget(contexts: Contexts, name: string): Target {
  const stored = contexts.get(name);
  return { source: { kind: "context", name }, ...toPart(stored), url: stored.url };
}
