import { type Command, Option } from "commander";
import { addGatewayCommand, collect, toArgument } from "#cli/gateway-command.ts";
import type { CommandEnvironment } from "#cli/invocation.ts";
import { agents } from "#cli/resources/agents.ts";
import { keys } from "#cli/resources/keys.ts";
import { mcp } from "#cli/resources/mcp.ts";
import { providers } from "#cli/resources/providers.ts";
import type { Resource, ResourceCommand } from "#cli/resources/resource-command.ts";
import { type ResourceOptions, runResourceCommand } from "#cli/resources/run-resource-command.ts";
import { runs } from "#cli/resources/runs.ts";
import { sessions } from "#cli/resources/sessions.ts";
import { skills } from "#cli/resources/skills.ts";
import { traces } from "#cli/resources/traces.ts";

const RESOURCES: readonly Resource[] = [agents, sessions, runs, providers, keys, skills, mcp, traces];

/** Adds the commands of all resources. */
export function addResources(program: Command, environment: CommandEnvironment): void {
  for (const { name, summary, commands } of RESOURCES) {
    const group = program.command(name).description(summary).helpCommand(false);
    for (const command of commands) addResourceCommand(group, environment, command);
  }
}

function addResourceCommand(group: Command, environment: CommandEnvironment, definition: ResourceCommand): void {
  const command = addGatewayCommand<ResourceOptions>(group, environment, definition, async (invocation, words) => {
    await runResourceCommand(definition, words, invocation);
    return undefined;
  });
  for (const { name, help, isOptional = false, rest } of definition.arguments ?? [])
    command.addArgument(toArgument(name, help, { isOptional, isRest: rest !== undefined }));
  for (const { flags, help } of definition.options ?? []) command.option(flags, help);
  command.addOption(
    new Option("--set <name=value>", "any other field: JSON or text, @file for the text of a file").argParser(collect),
  );
}
