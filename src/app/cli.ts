import { Command, CommanderError } from "commander";
import { StartError } from "#app/start-error.ts";
import { VERSION } from "#app/version.ts";
import { EXIT } from "#cli/exit-codes.ts";

const ENVIRONMENT_HELP = `
Environment:
  GOCLAW_HOME     where everything is kept (default: ~/.goclaw)
  GOCLAW_HOST     the address to listen on (default: 127.0.0.1)
  GOCLAW_PORT     the port to listen on (default: 18790)
  DATABASE_URL    a Postgres to use instead of the built-in SQLite

config.json in the home explains every other setting.`;

/** Runs the `goclaw` command with its arguments and returns the exit code. Rethrows unexpected errors. */
export async function runCli(args: readonly string[]): Promise<number> {
  const program = createProgram();
  try {
    if (!isServerCommand(program, args)) await addClientCommands(program);
    if (args.length === 0) program.help();
    await program.parseAsync([...args], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === EXIT.ok ? EXIT.ok : EXIT.usage;
    if (error instanceof StartError) {
      process.stderr.write(`goclaw: ${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}

const isServerCommand = (program: Command, [name]: readonly string[]): boolean =>
  program.commands.some((command) => command.name() === name);

/** The gateway itself needs nothing of this. */
async function addClientCommands(program: Command): Promise<void> {
  const [{ addCommands }, { openTerminal }, { findLocalGateway }, { reachThisMachineDirectly }] = await Promise.all([
    import("#cli/add-commands.ts"),
    import("#cli/terminal/terminal.ts"),
    import("#app/client/find-local-gateway.ts"),
    import("#app/client/reach-this-machine-directly.ts"),
  ]);
  reachThisMachineDirectly(process.env);
  addCommands(program, { terminal: openTerminal(process), findLocal: () => findLocalGateway(process.env) });
}

// Each command imports its code only when it runs, so that help and version print without delay.
function createProgram(): Command {
  const program = new Command("goclaw")
    .description("A multi-tenant gateway for AI agents.")
    .version(VERSION, "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .addHelpCommand(
      new Command("help").argument("[command]").description("explain a command").helpGroup("Run a gateway:"),
    )
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", ENVIRONMENT_HELP)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "goclaw: ")) })
    .showHelpAfterError("--help explains more.")
    .exitOverride()
    .commandsGroup("Run a gateway:");

  program
    .command("serve")
    .description("start the gateway")
    .action(async () => (await import("#app/commands/serve.ts")).runServe());
  program
    .command("token")
    .description("print the gateway token")
    .option("--new", "make another token first; the old one ends with the next start")
    .action(async (options) => (await import("#app/commands/token.ts")).runToken({ renew: options.new === true }));
  program
    .command("migrate")
    .description("bring the database up to date")
    .action(async () => (await import("#app/commands/migrate.ts")).runMigrate());
  program
    .command("doctor")
    .description("check config, database, providers, network and disk, and say what to do")
    .action(async () => (await import("#app/commands/doctor.ts")).runDoctor());
  program
    .command("backup <file>")
    .description("write the home with its database, files and secrets into one archive, also while the gateway runs")
    .action(async (file) => (await import("#app/commands/backup.ts")).runBackup(file));
  program
    .command("restore <file>")
    .description("fill the home from a backup")
    .option("--replace", "move aside what the home holds, instead of refusing")
    .action(async (file, options) =>
      (await import("#app/commands/restore.ts")).runRestore(file, { mayReplace: options.replace === true }),
    );
  program
    .command("audit")
    .description("look after the activity log")
    .command("verify")
    .description("say whether the activity log of each tenant is whole, also in a copy of the database")
    .action(async () => (await import("#app/commands/audit.ts")).runAuditVerify());
  program
    .command("openapi")
    .description("print the OpenAPI document as JSON")
    .action(async () => (await import("#app/commands/openapi.ts")).runOpenApi());
  program
    .command("version")
    .description("print the version")
    .action(async () => (await import("#app/commands/version.ts")).runVersion());
  return program;
}
