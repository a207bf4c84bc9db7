import { z } from "zod";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import { type DenyToggles, findDenied } from "#processes/deny-groups.ts";
import type { CommandResult, ProcessRunner } from "#processes/process-runner.ts";
import { defineTool, resolveWorkingDirectory, type Tool, ToolError } from "#runtime/tools/index.ts";

export interface ExecOptions {
  readonly processes: ProcessRunner;
  /** True if commands may run without a sandbox, which only the master tenant is trusted with. */
  readonly isForMasterOnly: boolean;
  /** The operator's settings. An agent's own settings override them. */
  readonly denyGroups: DenyToggles;
}

const Settings = z.object({
  timeout_seconds: z
    .int()
    .min(1)
    .max(LIMITS.execTimeMax / SECOND)
    .optional()
    .describe("How long a command may take"),
});

/**
 * Creates the tool that runs shell commands in the agent's workspace, in a sandbox where the gateway has one. A command
 * is never repeated after a crash.
 */
export const createExecTool = ({ processes, isForMasterOnly, denyGroups }: ExecOptions): Tool =>
  defineTool({
    name: "exec",
    group: "runtime",
    description:
      "Run a shell command in your workspace and read its output. It may have no network, and what it starts ends with it. Long output is cut in its middle.",
    arguments: z.object({
      command: z.string().min(1).max(LIMITS.execCommandChars).describe("For sh -c"),
      working_dir: z.string().max(1_000).default(".").describe("Relative to the workspace"),
    }),
    settings: { schema: Settings, secrets: [] },
    isForMasterOnly,
    effect: () => "once",
    run: async (environment, { command, working_dir }, signal) => {
      const readOnly = await environment.readOnlyFolders.namedIn(command);
      requireAllowed(withoutFolders(command, readOnly), { ...denyGroups, ...environment.shellDenyGroups });
      const directory = await resolveWorkingDirectory(environment.workspace, working_dir);
      const { timeout_seconds = LIMITS.execTime / SECOND } = Settings.parse(environment.settings.values);
      const spec = {
        argv: ["/bin/sh", "-c", command],
        directory,
        writable: await resolveWorkingDirectory(environment.workspace, "."),
        readOnly,
        hasNetwork: environment.mayUseNetwork,
        tenantId: environment.tenantId,
      } as const;
      const limits = { timeoutMs: timeout_seconds * SECOND, outputChars: LIMITS.execOutputChars, signal };
      return toText(await processes.run(spec, limits), timeout_seconds);
    },
  });

/** Commands that name the gateway's own files are refused, even if all groups are switched off. */
const GATEWAY_FILES = /\.goclaw\b|goclaw\.db\b|secrets\/(?:gateway-token|encryption-key)/i;

/** Leaves out folders that the agent may read. They lie in the gateway's home, as what is refused does. */
const withoutFolders = (command: string, folders: readonly string[]): string =>
  command.includes("..") ? command : folders.reduce((text, folder) => text.replaceAll(folder, "skill"), command);

function requireAllowed(command: string, toggles: DenyToggles): void {
  const group = findDenied(command, toggles);
  if (group !== undefined)
    throw new ToolError(`This command is refused (${group}). Find another way, or ask the user.`);
  if (GATEWAY_FILES.test(command))
    throw new ToolError("This command is refused: it names files of the gateway itself.");
}

function toText({ output, exitCode, ending }: CommandResult, seconds: number): string {
  const text = output === "" ? "(no output)" : output.trimEnd();
  switch (ending) {
    case "exited":
      return exitCode === 0 ? text : `${text}\n[exit code ${exitCode ?? "unknown: ended by a signal"}]`;
    case "timeout":
      return `${text}\n[stopped after ${seconds} s]`;
    case "aborted":
      return `${text}\n[stopped]`;
    case "memory":
      return `${text}\n[stopped: its processes took too much memory together]`;
    case "flooded":
      return `${text}\n[stopped: too much output; write it to a file]`;
  }
}
