import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestDatabase, type TestDialect } from "#testing/test-database.ts";

const MAIN = join(import.meta.dir, "../app/main.ts");
const FIRST_PORT = 20_000;
/** The ports of outgoing connections are above this one. */
const LAST_PORT = 32_000;

/**
 * The command that runs a gateway. The runner of all tests builds the executable, which starts in a third of the time.
 * Otherwise, it runs the sources.
 */
export const SERVE_COMMAND: readonly string[] = process.env.GOCLAW_TEST_EXECUTABLE
  ? [process.env.GOCLAW_TEST_EXECUTABLE]
  : [process.execPath, "--no-install", "--no-env-file", MAIN];

/** The home, database and port that successive gateway processes share. */
export interface ServerSite {
  readonly home: string;
  readonly port: number;
  readonly url: string;
  readonly databaseUrl: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Returns the gateway token. The first start creates it. */
  readonly token: () => string;
  /** Sends a request of the user `ada` with the gateway token. */
  send(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Sends the same request, and resolves with the JSON of the answer, whatever its status is. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  call(method: string, path: string, body?: object): Promise<any>;
  remove(): Promise<void>;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with true when `/ready` answers 200, or with false if the process exits first. */
  readonly isReady: () => Promise<boolean>;
  readonly signal: (name: NodeJS.Signals) => void;
}

/** Creates a home and an empty database for gateway processes. */
export async function createServerSite(
  dialect: TestDialect,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerSite> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-site-"));
  const [{ url: databaseUrl, drop }, port] = await Promise.all([createTestDatabase(dialect), findFreePort()]);
  return {
    ...accessTo(home, port),
    databaseUrl,
    env,
    async remove() {
      await drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Creates another home for gateway processes on the database of a Postgres site. */
export async function createSecondSite(first: ServerSite): Promise<ServerSite> {
  const home = mkdtempSync(join(tmpdir(), "goclaw-site-"));
  const port = await findFreePort();
  return {
    ...first,
    ...accessTo(home, port),
    remove: async () => rmSync(home, { recursive: true, force: true }),
  };
}

function accessTo(home: string, port: number) {
  const url = `http://127.0.0.1:${port}`;
  const token = () => readFileSync(join(home, "secrets", "gateway-token"), "utf8").trim();
  const send: ServerSite["send"] = (method, path, body, headers) =>
    fetch(url + path, {
      method,
      headers: {
        Authorization: `Bearer ${token()}`,
        "X-GoClaw-User-Id": "ada",
        "Content-Type": "application/json",
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      // A kept connection would outlive the process that a test kills.
      keepalive: false,
    });
  const call: ServerSite["call"] = async (...request) => (await send(...request)).json();
  return { home, port, url, token, send, call };
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** The command that runs with the argument `serve`, instead of `SERVE_COMMAND`. */
  readonly command?: readonly string[];
}

/** Starts a gateway as a separate process. It inherits only `PATH` from this process's environment. */
export function startServer(site: ServerSite, { env, command }: StartOptions = {}): ServerProcess {
  const [program, ...args] = command ?? SERVE_COMMAND;
  const child = Bun.spawn([program ?? "", ...args, "serve"], {
    cwd: site.home,
    env: {
      PATH: process.env.PATH,
      // A gateway ends with this process, however that ends.
      BUN_OPTIONS: "--no-orphans",
      HOME: site.home,
      GOCLAW_HOME: site.home,
      GOCLAW_PORT: String(site.port),
      GOCLAW_TEST: "1",
      GOCLAW_SESSIONS_TITLES: "off",
      GOCLAW_LOG_LEVEL: "warn",
      ...(site.databaseUrl && { DATABASE_URL: site.databaseUrl }),
      ...site.env,
      ...env,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
  const output = collect(child.stdout);
  const errors = collect(child.stderr);
  const state = { hasExited: false };
  const exited = Promise.all([child.exited, output.ended, errors.ended]).then(() => {
    state.hasExited = true;
    return child.exitCode;
  });
  return {
    pid: child.pid,
    exited,
    output: output.text,
    errors: errors.text,
    isReady: () => untilReady(site.url, state),
    signal: (name) => child.kill(name),
  };
}

/** Starts a gateway and waits until it is ready and has printed its welcome. Throws its error output if it exits instead. */
export async function startReadyServer(site: ServerSite, options?: StartOptions): Promise<ServerProcess> {
  const server = startServer(site, options);
  if (await server.isReady()) {
    await untilWelcomed(server);
    return server;
  }
  throw new Error(`the gateway did not start: ${server.errors()}`);
}

/** The last line of the welcome is the body of the command for curl. */
async function untilWelcomed({ output, exited }: ServerProcess): Promise<void> {
  const state = { hasExited: false };
  void exited.then(() => {
    state.hasExited = true;
  });
  while (!state.hasExited && !output().includes('"messages":')) await Bun.sleep(5);
}

async function untilReady(url: string, state: { readonly hasExited: boolean }): Promise<boolean> {
  while (!state.hasExited) {
    const status = await fetch(`${url}/ready`, { keepalive: false }).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return true;
    await Bun.sleep(10);
  }
  return false;
}

function collect(stream: ReadableStream<Uint8Array>): { text: () => string; ended: Promise<void> } {
  let text = "";
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const bytes of stream) text += decoder.decode(bytes, { stream: true });
  };
  return { text: () => text, ended: read() };
}

/** Returns a free port. It stays free between two starts, because outgoing connections do not use this range. */
async function findFreePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const probe = createServer();
  probe.once("error", () => resolve(false));
  probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  return promise;
}
