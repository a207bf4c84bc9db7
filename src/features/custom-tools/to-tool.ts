import { SECOND } from "#base/clock.ts";
import { type JsonObject, recordOf } from "#base/json.ts";
import { LIMITS } from "#base/limits.ts";
import type { Secret } from "#base/secret.ts";
import type { SecretBox } from "#base/secret-box.ts";
import type { CustomToolsTable } from "#db/tables.ts";
import { fromJson } from "#db/values.ts";
import { findDeniedWords } from "#features/custom-tools/command/find-denied-words.ts";
import { renderCommand } from "#features/custom-tools/command/render-command.ts";
import type { Word } from "#features/custom-tools/command/split-command.ts";
import { type SealedEnvironment, type ToolConfig, variablePlace } from "#features/custom-tools/stored-custom-tool.ts";
import type { DenyToggles } from "#processes/deny-groups.ts";
import type { CommandResult, ProcessRunner } from "#processes/process-runner.ts";
import { defineSchemaTool, resolveWorkingDirectory, type Tool, ToolError, textPart } from "#runtime/tools/index.ts";

export interface CustomToolDependencies {
  readonly processes: ProcessRunner;
  readonly secretBox: SecretBox;
  /** The operator's settings. An agent's own settings override them. */
  readonly denyGroups: DenyToggles;
}

/** Converts a stored tool to one that agents can call. Its variables are opened once. */
export function toTool(row: CustomToolsTable, { processes, secretBox, denyGroups }: CustomToolDependencies): Tool {
  const config = fromJson<ToolConfig>(row.config);
  const words = fromJson<readonly Word[]>(row.words);
  const variables = openVariables(row, secretBox);
  const parameters = { type: "object", properties: {}, ...config.parameters } as JsonObject;
  const optional = optionalIn(parameters);
  // An agent may plant settings of programs in its workspace. A command with secrets reads none of them.
  const home = processes.isSandboxed && Object.keys(variables).length > 0 ? { HOME: "/tmp" } : {};
  return defineSchemaTool({
    name: row.name,
    group: "custom",
    description: config.description,
    parameters,
    secrets: Object.values(variables),
    effect: config.effect,
    async run(environment, values, signal) {
      const argv = renderCommand(words, { values, optional });
      const [program = "", ...rest] = argv;
      const denied = findDeniedWords(argv, { ...denyGroups, ...environment.shellDenyGroups });
      if (denied !== undefined) throw new ToolError(`command denied by safety policy (${denied})`);
      const running = processes.run(
        {
          argv: [program, ...rest],
          directory: await resolveWorkingDirectory(environment.workspace, config.working_dir ?? "."),
          writable: await resolveWorkingDirectory(environment.workspace, "."),
          environment: { ...home, ...reveal(variables) },
          hasNetwork: environment.mayUseNetwork,
          tenantId: environment.tenantId,
        },
        { timeoutMs: config.timeout_seconds * SECOND, outputChars: LIMITS.execOutputChars, signal },
      );
      return [textPart(toText(await running, config.timeout_seconds))];
    },
  });
}

function openVariables(row: CustomToolsTable, secretBox: SecretBox): Readonly<Record<string, Secret>> {
  const sealed = Object.entries(fromJson<SealedEnvironment>(row.env));
  return Object.fromEntries(sealed.map(([name, value]) => [name, secretBox.open(value, variablePlace(row, name))]));
}

const reveal = (secrets: Readonly<Record<string, Secret>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, secret.reveal()]));

/** Returns the declared parameters that a call may leave out. */
function optionalIn({ properties, required }: JsonObject): ReadonlySet<string> {
  const needed = Array.isArray(required) ? required : [];
  return new Set(Object.keys(recordOf(properties)).filter((name) => !needed.includes(name)));
}

/** Returns what the model reads of a command that succeeded. Throws `ToolError` for one that did not. */
function toText({ stdout, stderr, exitCode, ending }: CommandResult, seconds: number): string {
  const text = [stdout.trimEnd(), ...(stderr.trim() === "" ? [] : ["STDERR:", stderr.trimEnd()])]
    .filter((part) => part !== "")
    .join("\n");
  switch (ending) {
    case "timeout":
      throw new ToolError(withOutput(`command timed out after ${seconds} s`, text));
    case "memory":
      throw new ToolError(withOutput("command stopped: its processes took too much memory together", text));
    case "flooded":
      throw new ToolError(withOutput("command stopped: it wrote too much", text));
    case "aborted":
      throw new ToolError(withOutput("command stopped", text));
    case "exited":
      if (exitCode === 0) return text === "" ? "(command completed with no output)" : text;
      throw new ToolError(withOutput(`command failed with exit code ${exitCode ?? "unknown"}`, text));
  }
}

const withOutput = (problem: string, text: string): string => (text === "" ? problem : `${text}\n${problem}`);
