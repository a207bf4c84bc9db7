import { runCli } from "#app/cli.ts";

// All files that the gateway writes (database, workspaces, uploads) are private to its own user.
process.umask(0o077);
process.exitCode = await runCli(process.argv.slice(2));
