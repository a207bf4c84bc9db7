import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { explainPostgresFailure } from "#app/database/explain-database-failure.ts";
import { Secret } from "#base/secret.ts";
import {
  createServerSite,
  type ServerProcess,
  type ServerSite,
  startReadyServer,
  startServer,
} from "#testing/server-process.ts";

const TIMEOUT = 30_000;
const LONGEST_END_MS = 10_000;

let site: ServerSite;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  site = await createServerSite("sqlite");
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.signal("SIGKILL");
    await server.exited;
  }
  await site.remove();
});

/** Starts a gateway that has to fail, and returns the message that it prints. */
async function refusal(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const server = startServer(site, { env });
  servers.push(server);
  const exitCode = await Promise.race([server.exited, Bun.sleep(LONGEST_END_MS).then(() => "still there")]);
  expect([exitCode, server.errors()]).not.toContain("still there");
  expect(exitCode).toBeGreaterThan(0);
  expect(server.errors()).toMatch(/^goclaw: [^\n]+\.\n$/);
  expect(server.output()).toBe("");
  return server.errors();
}

async function startOnce(): Promise<void> {
  const server = await startReadyServer(site);
  server.signal("SIGTERM");
  expect(await server.exited).toBe(0);
}

test(
  "fails to start if the port is taken",
  async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(site.port, "127.0.0.1", resolve));
    expect(await refusal()).toContain(`Port ${site.port} on 127.0.0.1 is taken`);
    other.close();
  },
  TIMEOUT,
);

test(
  "fails to start on the port of another gateway, at its own address or at every one",
  async () => {
    servers.push(await startReadyServer(site));
    const home = join(site.home, "second");
    for (const host of ["127.0.0.1", "0.0.0.0"]) {
      const message = await refusal({ GOCLAW_HOME: home, GOCLAW_HOST: host });
      expect(message).toContain(`Port ${site.port} on ${host} is taken: stop what uses it, or choose another`);
    }
  },
  TIMEOUT,
);

test(
  "fails to start with a weak token where other machines reach it, and shows nothing of the token",
  async () => {
    const weak = { GOCLAW_GATEWAY_TOKEN: "hunter2hunter2hunter2hunter2" };
    const message = await refusal({ ...weak, GOCLAW_HOST: "0.0.0.0" });
    expect(message).toContain("The gateway token repeats itself");
    expect(message).not.toContain("hunter2");
    servers.push(await startReadyServer(site, { env: weak }));
  },
  TIMEOUT,
);

test.each([
  ["the key of a provider", "POST", "/v1/providers", { name: "p", provider_type: "demo", api_key: "sk-mine" }],
  ["a further key of a provider", "POST", "/v1/providers", { name: "p", provider_type: "demo", api_keys: ["sk-too"] }],
  ["a secret of a tool", "PUT", "/v1/tools/builtin/web_search", { settings: { brave_api_key: "brave-key" } }],
])(
  "fails to start if the encryption key does not open %s, and says what to do",
  async (_, method, path, body) => {
    const first = await startReadyServer(site);
    const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" };
    const stored = await fetch(`${site.url}${path}`, { method, headers, body: JSON.stringify(body) });
    expect(stored.ok).toBe(true);
    first.signal("SIGTERM");
    await first.exited;
    const keyFile = join(site.home, "secrets", "encryption-key");
    const old = readFileSync(keyFile, "utf8").trim();
    writeFileSync(keyFile, `${randomBytes(32).toString("hex")}\n`);
    expect(await refusal()).toContain("does not open 1 of the stored secrets: put back the one that sealed them");

    for (const env of [{ GOCLAW_ENCRYPTION_KEY: old }, { GOCLAW_ENCRYPTION_ALLOW_MISSING_KEYS: "1" }]) {
      const again = await startReadyServer(site, { env });
      again.signal("SIGTERM");
      await again.exited;
    }
  },
  TIMEOUT,
);

test(
  "fails to start if the home cannot be written to",
  async () => {
    writeFileSync(join(site.home, "file"), "");
    expect(await refusal({ GOCLAW_HOME: join(site.home, "file", "home") })).toContain("cannot be used (ENOTDIR)");
    expect(await refusal({ GOCLAW_HOME: "/proc/goclaw" })).toContain("cannot be used");
  },
  TIMEOUT,
);

test(
  "fails to start if the configuration cannot be read or is invalid",
  async () => {
    await startOnce();
    writeFileSync(join(site.home, "config.json"), "{");
    expect(await refusal()).toContain("config.json");
    writeFileSync(join(site.home, "config.json"), '{ runs: { timeout_seconds: "soon" } }');
    expect(await refusal()).toContain("timeout_seconds");
    writeFileSync(join(site.home, "config.json"), "{}");
    expect(await refusal({ GOCLAW_PORT: "high" })).toContain("GOCLAW_PORT");
  },
  TIMEOUT,
);

test(
  "fails to start if a newer version made the database, and leaves the database unchanged",
  async () => {
    await startOnce();
    const database = new Database(join(site.home, "goclaw.db"));
    database.run("insert into schema_migrations (name, applied_at) values ('9999-later', '2099-01-01T00:00:00Z')");
    database.close();
    expect(await refusal()).toContain("made by a newer GoClaw");
  },
  TIMEOUT,
);

test(
  "fails to start if the database is damaged or not a file",
  async () => {
    await startOnce();
    const file = join(site.home, "goclaw.db");
    for (const name of ["goclaw.db", "goclaw.db-wal", "goclaw.db-shm"]) rmSync(join(site.home, name), { force: true });
    writeFileSync(file, randomBytes(8_192));
    expect(await refusal()).toContain("goclaw.db in its home directory (SQLITE_NOTADB): it is damaged");
    rmSync(file);
    mkdirSync(file);
    expect(await refusal()).toContain("goclaw.db in its home directory (SQLITE_CANTOPEN): make it and its directory");
  },
  TIMEOUT,
);

test(
  "fails to start if DATABASE_URL is not a Postgres URL",
  async () => {
    for (const url of ["mysql://nobody:secret@127.0.0.1/none", "postgrs:/secret", "secret"]) {
      const message = await refusal({ DATABASE_URL: url });
      expect(message).toContain("The environment variable DATABASE_URL must be a URL that begins with postgres://");
      expect(message).not.toContain("secret");
    }
  },
  TIMEOUT,
);

test(
  "fails to start if Postgres does not answer or has no such database",
  async () => {
    const closed = await refusal({ DATABASE_URL: "postgres://nobody:secret@127.0.0.1:9/none" });
    expect(closed).toContain("cannot use Postgres at 127.0.0.1:9/none (ECONNREFUSED): nothing listens there");
    const unknown = await refusal({ DATABASE_URL: "postgres://nobody:secret@no-such-host.invalid/none" });
    expect(unknown).toMatch(/cannot use Postgres at no-such-host\.invalid:5432\/none \(E\w+\): the host name/);
    expect(closed + unknown).not.toMatch(/secret|nobody/);
    const admin = process.env.GOCLAW_TEST_POSTGRES_URL;
    if (!admin) return;
    const url = new URL(admin);
    url.pathname = "/no-such-database";
    expect(await refusal({ DATABASE_URL: url.href })).toContain("/no-such-database (3D000): it has no database of");
  },
  TIMEOUT,
);

/** Returns the message about a server that answers each client message with the next answer and never hangs up. */
async function refusalBy(answers: readonly (string | Buffer)[], user: string, query = ""): Promise<string> {
  const postgres = createServer((socket) => {
    const remaining = [...answers];
    socket.on("error", () => {}).on("data", () => socket.write(remaining.shift() ?? ""));
  });
  await new Promise<void>((resolve) => postgres.listen(0, "127.0.0.1", resolve));
  const { port } = postgres.address() as AddressInfo;
  const message = await refusal({ DATABASE_URL: `postgres://${user}@127.0.0.1:${port}/none${query}` });
  postgres.close();
  expect(message).toContain(`at 127.0.0.1:${port}/none`);
  expect(message).not.toMatch(/secret|nobody/);
  return message;
}

function aMessage(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(length.length + body.length);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, "latin1")]);
}

test(
  "fails to start if a pooler refuses a parameter of the connection, and repeats what it said",
  async () => {
    const said = "unsupported startup parameter: options";
    const refused = aMessage("E", `SFATAL\0VFATAL\0C08P01\0M${said}\0\0`);
    const message = await refusalBy([refused], "nobody:secret", "?options=-c%20work_mem%3D4MB");
    expect(message).toContain(`(08P01): it refuses a parameter of the connection ("${said}"); take it out of`);
  },
  TIMEOUT,
);

test(
  "fails to start if Postgres refuses the password or asks for one",
  async () => {
    const refused = aMessage("E", "SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user nobody\0\0");
    const wrong = await refusalBy([refused], "nobody:secret");
    expect(wrong).toContain("(28P01): it refuses this user and password; correct them");
    const challenges = [
      aMessage("R", "\0\0\0\x0aSCRAM-SHA-256\0\0"),
      aMessage("R", "\0\0\0\x0br=nonce,s=c2FsdA==,i=4096"),
    ];
    expect(await refusalBy(challenges, "nobody")).toContain("none: it asks for a password; put that of the user into");
  },
  TIMEOUT,
);

test(
  "fails to start if Postgres has no TLS or if a certificate file is missing",
  async () => {
    const query = "?sslmode=verify-full";
    expect(await refusalBy(["N"], "nobody:secret", query)).toContain("none: it takes no encrypted connections; set up");
    const lost = await refusalBy([], "nobody:secret", `${query}&sslrootcert=/no-such-file.pem`);
    expect(lost).toContain("(ENOENT): a file of sslrootcert, sslcert or sslkey in DATABASE_URL cannot be read");
    const directory = await refusalBy([], "nobody:secret", `${query}&sslrootcert=/`);
    expect(directory).toContain("(EISDIR): a file of sslrootcert, sslcert or sslkey");
    const socket = await refusal({ DATABASE_URL: "postgres:///none?host=/no-such-directory" });
    expect(socket).toContain("(ENOENT): there is no such socket");
  },
  TIMEOUT,
);

test.each([
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is of nobody trusted here"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate is of nobody trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate is of nobody trusted here"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate is of nobody trusted here"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host"],
  ["ERR_OSSL_PEM_NO_START_LINE", "the files of sslrootcert, sslcert and sslkey"],
  ["55P03", "another program holds its tables"],
  ["57014", "it ended a statement that took too long"],
])("explains the Postgres failure %s", (code, reason) => {
  const cause = Object.assign(new Error("told in other words"), { code });
  const message = explainPostgresFailure(cause, new Secret("postgres://nobody:secret@db.example/none"), false);
  expect(message).toStartWith(`The gateway cannot use Postgres at db.example:5432/none (${code}): ${reason}`);
});

test(
  "fails to start if fail points are set outside of tests",
  async () => {
    const server = startServer(site, { env: { GOCLAW_FAILPOINTS: "run.ended", GOCLAW_TEST: "" } });
    servers.push(server);
    expect(await server.exited).not.toBe(0);
    expect(server.errors()).toContain("GOCLAW_TEST=1");
  },
  TIMEOUT,
);

test(
  "fails to start while another gateway uses the home",
  async () => {
    servers.push(await startReadyServer(site));
    expect(await refusal({ GOCLAW_PORT: String(site.port + 1) })).toContain("Another gateway runs with the home");
    const [first] = servers;
    first?.signal("SIGKILL");
    await first?.exited;
    servers.push(await startReadyServer(site));
  },
  TIMEOUT,
);
