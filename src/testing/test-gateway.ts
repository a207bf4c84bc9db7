import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "#app/config/load-config.ts";
import { createGateway, type Gateway } from "#app/create-gateway.ts";
import { loadDashboard } from "#app/dashboard/load-dashboard.ts";
import { openHome } from "#app/home/home.ts";
import { openSandbox } from "#app/open-sandbox.ts";
import type { Clock } from "#base/clock.ts";
import type { Resolve } from "#base/egress/checked-lookup.ts";
import { createLogger } from "#base/logger.ts";
import { LogTap } from "#core/live/log-tap.ts";
import { createTestDatabase, type TestDialect } from "#testing/test-database.ts";
import { listen } from "#transport/http/listen.ts";

export interface TestGatewayOptions {
  readonly dialect?: TestDialect;
  /** Configuration as environment variables, such as `GOCLAW_RATE_LIMIT_RPM`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** The `host:port` pairs of the test's own servers, which egress may reach although they are private. */
  readonly allowHosts?: readonly string[];
  /** Returns the address by which the gateway reaches its Postgres, such as that of a proxy. */
  readonly via?: (databaseUrl: string) => string;
  /** The host name resolver. */
  readonly resolve?: Resolve;
  /** True serves the dashboard too. */
  readonly hasPages?: boolean;
}

export interface TestGateway {
  readonly url: string;
  readonly home: string;
  /** The gateway's database on Postgres. Undefined on SQLite. */
  readonly databaseUrl: string | undefined;
  /** The gateway token. */
  readonly token: string;
  readonly gateway: Gateway;
  /** Sends a request with the gateway token. Options replace its headers or set another bearer token. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  /** Null sends no Authorization header. */
  readonly bearer?: string | null;
  readonly user?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly body: any;
}

/** The user of test calls that set no other user. */
export const TEST_USER = "ada";

/** Starts a complete gateway on a free port, with its own home and database. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-test-"));
  const { url: databaseUrl, drop } = await createTestDatabase(options.dialect ?? "sqlite");
  const env = {
    HOME: home,
    PATH: process.env.PATH ?? "",
    GOCLAW_HOME: home,
    GOCLAW_TEST: "1",
    // By default, it depends on the machine whether agents have this tool.
    GOCLAW_TOOLS_EXEC: "off",
    GOCLAW_RUNS_DRAIN_SECONDS: "1",
    GOCLAW_SESSIONS_TITLES: "off",
    // No retries, so that one scripted failure fails the call.
    GOCLAW_MODELS_MAX_ATTEMPTS: "1",
    GOCLAW_MODELS_RETRY_DELAY_MS: "1",
    GOCLAW_LOG_LEVEL: process.env.GOCLAW_TEST_LOG ?? "silent",
    ...(databaseUrl && { DATABASE_URL: options.via?.(databaseUrl) ?? databaseUrl }),
    ...(options.allowHosts && { GOCLAW_EGRESS_ALLOW_HOSTS: options.allowHosts.join(",") }),
    ...options.env,
  };
  const opened = openHome(env);
  const { config } = loadConfig({ home: opened.path, env });
  const log = new LogTap();
  const gateway = createGateway({
    config,
    home: opened,
    logger: createLogger(config.log.level, log.write),
    log,
    env,
    sandbox: await openSandbox(config, { home: opened.path, cache: opened.cache }, env),
    ...(options.clock && { clock: options.clock }),
    resolve: options.resolve,
    ...(options.hasPages && { pages: await loadDashboard() }),
  });
  await gateway.start();
  const server = listen(gateway.handler, { host: "127.0.0.1", port: 0, sockets: gateway.sockets });
  const url = `http://127.0.0.1:${server.port}`;
  const token = (config.gateway.token ?? opened.token).reveal();

  return {
    url,
    home,
    databaseUrl,
    token,
    gateway,
    call: (method, path, body, call = {}) => request(url, token, method, path, body, call),
    async stop() {
      await gateway.drain();
      await server.stop(true);
      await gateway.close();
      await drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const isEncoded = (body: unknown): body is string | FormData => typeof body === "string" || body instanceof FormData;

async function request(
  url: string,
  token: string,
  method: string,
  path: string,
  body: unknown,
  { bearer = token, user = TEST_USER, headers = {} }: CallOptions,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
      ...(user !== null && { "X-GoClaw-User-Id": user }),
      ...(body !== undefined && !(body instanceof FormData) && { "Content-Type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: isEncoded(body) ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
