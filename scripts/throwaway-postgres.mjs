import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const SERVER_USER = "postgres";

/** A file system in memory. A database is created there several times as fast. */
const MEMORY = "/dev/shm";
/** More than the databases of all tests that run at once. In bytes. */
const SPACE = 2 * 1_024 ** 3;

/** No data must outlive the server, so nothing waits for a disk. */
const SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=256MB"]
  .map((setting) => `-c ${setting}`)
  .join(" ");

/**
 * Starts a Postgres server in a temporary directory and returns `{ url, version, stop }`. Returns undefined if Postgres
 * is not installed or cannot run as this user. The server stops and its directory is deleted when `stop` is called or
 * this process ends for any reason.
 */
export async function startThrowawayPostgres() {
  const bin = findPostgres();
  const account = bin && serverAccount();
  if (!account) return undefined;

  const directory = mkdtempSync(join(placeOfData(), "goclaw-postgres-"));
  if (account.uid !== undefined) chownSync(directory, account.uid, account.gid);
  const port = await freePort();
  const guard = spawn("sh", ["-c", GUARD, "sh", bin, directory, String(port), locale()], {
    cwd: directory,
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
    ...account,
  });
  const ended = new Promise((resolve) => guard.once("close", resolve));
  const stop = async () => {
    guard.stdin.end();
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };

  const isUp = await Promise.race([onFirstOutput(guard), ended.then(() => false)]);
  if (!isUp) {
    await stop();
    throw new Error("the throw-away Postgres did not start");
  }
  return { url: `postgres://${SERVER_USER}@127.0.0.1:${port}/postgres`, version: majorVersion(bin), stop };
}

// A shell script that runs the server until its standard input ends, which happens when this process closes it or dies.
const GUARD = `
trap '' INT TERM HUP
bin=$1 directory=$2 port=$3 locale=$4
finish() {
  "$bin/pg_ctl" stop -D "$directory/data" -m immediate >/dev/null 2>&1
  rm -rf "$directory"
}
if "$bin/initdb" -D "$directory/data" -U ${SERVER_USER} -A trust -E UTF8 --locale="$locale" --no-sync >"$directory/log" 2>&1 &&
  "$bin/pg_ctl" start -w -t 60 -D "$directory/data" -l "$directory/log" \\
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$directory' -c max_connections=200 ${SETTINGS}" >/dev/null 2>&1
then
  echo up
  cat >/dev/null
  finish
else
  cat "$directory/log" >&2
  finish
  exit 1
fi
`;

/** Returns the directory for the data: in memory if there is room. Containers often have 64 MB. */
function placeOfData() {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > SPACE ? MEMORY : tmpdir();
}

const onFirstOutput = (child) => new Promise((resolve) => child.stdout.once("data", () => resolve(true)));

/** Returns the directory of Postgres' programs: from PATH, or the newest of Debian's versions. */
function findPostgres() {
  const onPath = (process.env.PATH ?? "").split(delimiter);
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const candidates = [...onPath, ...versions.map((version) => join(debian, version, "bin"))];
  return candidates.find((directory) => ["initdb", "pg_ctl"].every((name) => existsSync(join(directory, name))));
}

/**
 * Returns the account for the server. Postgres refuses to run as root, so root uses the user `postgres`. Returns
 * undefined if that user does not exist.
 */
function serverAccount() {
  if (process.getuid?.() !== 0) return {};
  const entry = readFileSync("/etc/passwd", "utf8").match(new RegExp(`^${SERVER_USER}:[^:]*:(\\d+):(\\d+):`, "m"));
  return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : undefined;
}

/**
 * Returns the locale. `C.UTF-8` has upper and lower case for every script, which `C` lacks, but only Linux is sure to
 * have it.
 */
const locale = () => (process.platform === "linux" ? "C.UTF-8" : "C");

function majorVersion(bin) {
  const text = spawnSync(join(bin, "initdb"), ["--version"], { encoding: "utf8" }).stdout;
  return text.match(/\d+/)?.[0] ?? "";
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
