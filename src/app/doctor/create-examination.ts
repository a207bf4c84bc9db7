import type { Config } from "#app/config/schema.ts";
import { examineJobs } from "#app/doctor/examine-jobs.ts";
import { examineDisk } from "#app/doctor/examine-machine.ts";
import { examineSandbox } from "#app/doctor/examine-sandbox.ts";
import { ok, problem } from "#app/doctor/finding.ts";
import type { Home } from "#app/home/home.ts";
import type { Finding } from "#core/findings.ts";
import type { Database } from "#db/database.ts";
import type { SandboxState } from "#processes/sandbox/sandbox.ts";

interface Running {
  readonly config: Config;
  readonly home: Home;
  readonly database: Database;
  readonly sandbox: SandboxState;
}

/** Creates the examination of a gateway that runs. It takes no lock and reads little, so it may be asked for often. */
export const createExamination =
  ({ config, home, database, sandbox }: Running) =>
  (): Promise<readonly Finding[]> =>
    Promise.all([
      examineDisk(home),
      examineSandbox(config, sandbox),
      database.ping().then(
        () => ok("database", "answers"),
        () => problem("database", "does not answer", "Look whether it runs, and at the log."),
      ),
      examineJobs(database),
    ]);
