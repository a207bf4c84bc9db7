import { startThrowawayPostgres } from "./throwaway-postgres.mjs";

/** Finds a Postgres for the tests and says which: `{ url, stop }`, both undefined if there is none. */
export async function choosePostgres() {
  const given = process.env.GOCLAW_TEST_POSTGRES_URL;
  if (given) {
    process.stdout.write("Tests on SQLite and the Postgres of GOCLAW_TEST_POSTGRES_URL\n");
    return { url: given };
  }
  try {
    const started = await startThrowawayPostgres();
    if (started) {
      process.stdout.write(`Tests on SQLite and Postgres ${started.version} (throw-away cluster)\n`);
      return started;
    }
    process.stdout.write("Tests on SQLite; no Postgres found\n");
  } catch (error) {
    process.stdout.write(`Tests on SQLite; ${error.message}\n`);
  }
  return {};
}

/** The environment of tests. Removes this machine's settings and provider keys. */
export function testEnvironment(postgresUrl) {
  const isOfMachine = (name) =>
    (name.startsWith("GOCLAW_") && !name.startsWith("GOCLAW_TEST_")) ||
    name.endsWith("_API_KEY") ||
    ["DATABASE_URL", "REDIS_URL"].includes(name);
  const kept = Object.entries(process.env).filter(([name]) => !isOfMachine(name));
  return {
    ...Object.fromEntries(kept),
    GOCLAW_TEST: "1",
    ...(postgresUrl && { GOCLAW_TEST_POSTGRES_URL: postgresUrl }),
    ...(process.stderr.isTTY && !process.env.NO_COLOR && { FORCE_COLOR: "1" }),
  };
}
