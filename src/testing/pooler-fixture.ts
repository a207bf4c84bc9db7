import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const PROGRAM = "pgbouncer";
/** Debian keeps the program where only root looks. */
const DEBIAN = "/usr/sbin";

export const findPooler = (): string | undefined =>
  [...(process.env.PATH ?? "").split(delimiter), DEBIAN]
    .map((directory) => join(directory, PROGRAM))
    .find((file) => existsSync(file));

export interface Pooler {
  /** Returns the address of a database through the pooler. */
  urlOf(databaseUrl: string): string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in transaction mode with `size` sessions for all clients of a database. */
export async function startPooler(program: string, databaseUrl: string, size: number): Promise<Pooler> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const directory = mkdtempSync(join(tmpdir(), "goclaw-pooler-"));
  const ownPort = await freePort();
  const login = password === "" ? "" : ` password=${decodeURIComponent(password)}`;
  const file = join(directory, "pgbouncer.ini");
  const settings = `[databases]
* = host=${hostname} port=${port || 5432} user=${decodeURIComponent(username)}${login}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${size}
`;
  writeFileSync(file, settings, { mode: 0o600 });
  const account = unprivilegedAccount();
  if (account) for (const path of [directory, file]) chownSync(path, account.uid, account.gid);
  const child = Bun.spawn([program, ...(account ? ["-u", account.name] : []), file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const isUp = await saysUp(child.stderr);
  const stop = async () => {
    child.kill();
    await child.exited;
    rmSync(directory, { recursive: true, force: true });
  };
  if (!isUp) {
    await stop();
    throw new Error("PgBouncer did not start");
  }
  return {
    urlOf: (url) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(ownPort) }).href,
    stop,
  };
}

async function saysUp(log: ReadableStream<Uint8Array>): Promise<boolean> {
  let text = "";
  for await (const chunk of log) {
    text += new TextDecoder().decode(chunk);
    if (text.includes("process up")) return true;
  }
  return false;
}

/** PgBouncer refuses to run as root, so root uses the user of the database. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (!entry) throw new Error("root needs a user postgres for PgBouncer");
  return { name: "postgres", uid: Number(entry[1]), gid: Number(entry[2]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
