import { AppError, permissionDenied } from "#base/errors.ts";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import type { Context } from "#core/context.ts";
import { processes } from "#core/platform.ts";
import { splitCommand, type Word } from "#features/custom-tools/command/split-command.ts";
import { toShellWords } from "#features/custom-tools/command/to-shell-words.ts";

/** A command as its tool is saved with it. */
export interface WrittenCommand {
  readonly command: string;
  readonly shell: boolean;
}

/**
 * Returns the words of a command. Throws 400 if it cannot be split. Throws 403 if it asks for a shell that the tenant
 * may not have. Without a sandbox, a shell is only for the operator's own tenant.
 */
export function compileCommand(ctx: Context, { command, shell }: WrittenCommand): readonly Word[] {
  if (shell && ctx.tenantId !== MASTER_TENANT_ID && !ctx.use(processes).isSandboxed) {
    throw permissionDenied("shell commands of this tenant need a sandbox on the gateway's machine");
  }
  const split = shell ? toShellWords(command) : splitCommand(command);
  if (split.kind === "words") return split.words;
  const issues = [{ field: "command", key: split.problem, params: {} }];
  throw new AppError("INVALID_REQUEST", "error.invalid_fields", { fields: "command" }, { issues, field: "command" });
}
