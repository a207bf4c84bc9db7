import { createFirstLink } from "#app/access/create-first-link.ts";
import { loadConfig } from "#app/config/load-config.ts";
import type { Environment } from "#app/config/read-environment.ts";
import { requireStrongToken } from "#app/config/require-strong-token.ts";
import { createGateway, type Gateway } from "#app/create-gateway.ts";
import { loadDashboard } from "#app/dashboard/load-dashboard.ts";
import { gatewayToken } from "#app/gateway-secrets.ts";
import { openHome } from "#app/home/home.ts";
import { lockHome } from "#app/home/lock-home.ts";
import { LastGuard } from "#app/last-guard.ts";
import { openSandbox } from "#app/open-sandbox.ts";
import { StartError } from "#app/start-error.ts";
import { toStartError } from "#app/to-start-error.ts";
import { toUrl, welcome } from "#app/welcome.ts";
import { SECOND } from "#base/clock.ts";
import { createLogger } from "#base/logger.ts";
import { LogTap } from "#core/live/log-tap.ts";
import { codeOf } from "#db/errors.ts";
import { type HttpServer, listen } from "#transport/http/listen.ts";

/** Runs the gateway until a signal stops it. */
export async function serve(): Promise<void> {
  const home = openHome(process.env);
  const lock = lockHome(home);
  const { config, warnings } = loadConfig({ home: home.path, env: process.env });
  const { host, port, auth } = config.gateway;
  const token = auth === "none" ? undefined : gatewayToken(config, home);
  if (token) requireStrongToken(token, host);
  const log = new LogTap();
  const logger = createLogger(config.log.level, log.write);
  for (const warning of warnings) logger.warn(warning);

  const sandbox = await openSandbox(config, { home: home.path, cache: home.cache }, process.env);
  logger.info({ sandbox: sandbox.kind }, "looked for a sandbox");
  const pages = await loadDashboard();
  const gateway = createGateway({ config, home, logger, log, env: process.env, sandbox, pages });
  // The port is opened first, because a gateway that cannot be reached must not adopt runs.
  const server = openPort(gateway, host, port);
  await gateway.start().catch(async (thrown: unknown) => {
    await Promise.allSettled([server.stop(true), gateway.close()]);
    throw toStartError(thrown, config);
  });
  const stopped = stopSignal();
  const { tokenIsNew } = home;
  const address = { host, port: server.port ?? port };
  const variables = variablesOf(process.env, port === 0 ? address.port : undefined);
  const link = tokenIsNew ? await createFirstLink(gateway, config.gateway, toUrl(address)) : undefined;
  process.stdout.write(welcome({ ...address, token, tokenIsNew, link, command: ownCommand(), variables }));

  logger.info({ signal: await stopped }, "stopping");
  const guard = new LastGuard(logger, config.runs.drain_seconds);
  await guard.step("runs and jobs", gateway.drain());
  await guard.step("requests of clients", stopServer(server));
  await guard.step("calls to other machines, and the database", gateway.close());
  lock.release();
  logger.info("stopped");
  guard.leave();
}

// In the executable, this file has a virtual path. In a checkout, npx finds the command.
const ownCommand = () => (import.meta.path.startsWith("/$bunfs/") ? process.execPath : "npx goclaw");

/** Returns the variables without which a command does not find this gateway. */
function variablesOf(env: Environment, freePort: number | undefined): Readonly<Record<string, string>> {
  const set = ["GOCLAW_HOME", "GOCLAW_HOST", "GOCLAW_PORT"].map((name) => [name, env[name]?.trim() ?? ""] as const);
  return {
    ...Object.fromEntries(set.filter(([, value]) => value !== "")),
    ...(freePort !== undefined && { GOCLAW_PORT: String(freePort) }),
  };
}

function openPort({ handler, sockets }: Gateway, host: string, port: number): HttpServer {
  try {
    return listen(handler, { host, port, limitsStrangers: true, sockets });
  } catch (thrown) {
    if (codeOf(thrown) !== "EADDRINUSE") throw thrown;
    throw new StartError(
      `Port ${port} on ${host} is taken: stop what uses it, or choose another with GOCLAW_PORT=${port + 1}.`,
      { cause: thrown },
    );
  }
}

/** How long a stopping server waits for clients to read their answers, in milliseconds. */
const READ_MS = 3 * SECOND;

/** Stops a server. Closes the connections of clients that do not read their answers or do not send their requests. */
async function stopServer(server: HttpServer): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, READ_MS);
  await Promise.race([server.stop(), late]);
  clearTimeout(timer);
  await server.stop(true);
}

/** Waits for a signal to stop. A second signal ends the process at once. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let isStopping = false;
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(name, () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve(name);
    });
  }
  return promise;
}
