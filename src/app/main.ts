import { runCli } from "#app/cli.ts";

// Whatever the gateway writes (database, workspaces, uploads) is for its own user only.
process.umask(0o077);
process.exitCode = await runCli(process.argv.slice(2));
