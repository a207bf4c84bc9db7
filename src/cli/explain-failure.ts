import { isRecord } from "#base/json.ts";
import { CommandFailure, UsageError } from "#cli/command-errors.ts";
import type { Target } from "#cli/connection/target.ts";
import { EXIT } from "#cli/exit-codes.ts";
import { toSeconds } from "#cli/output/to-cell.ts";
import { safeLine } from "#cli/terminal/safe-text.ts";
import { GoClawError } from "#client/index.ts";

/** What to tell about a failure, and with which exit code the command ends. */
export interface Explanation {
  readonly exitCode: number;
  readonly sentence: string;
  /** What to do. */
  readonly advice?: string;
  /** Under which the gateway's log says more. */
  readonly requestId?: string;
}

/** Explains why a command failed. Returns undefined for what nobody expected. */
export function explainFailure(thrown: unknown, target: Target | undefined): Explanation | undefined {
  if (thrown instanceof UsageError) return { exitCode: EXIT.usage, sentence: thrown.message };
  if (thrown instanceof CommandFailure) return { exitCode: EXIT.refused, sentence: thrown.message };
  if (thrown instanceof SyntaxError && target)
    return { exitCode: EXIT.refused, sentence: `${target.url} answers, but not as a GoClaw gateway does.` };
  if (!(thrown instanceof GoClawError)) return undefined;
  if (thrown.code === "CONNECTION_FAILED") return explainSilence(thrown, target);
  const { requestId } = thrown;
  const advice = adviceFor(thrown, target);
  return {
    exitCode: EXIT.refused,
    sentence: [thrown.message, ...fieldsOf(thrown)].join("\n  "),
    ...(advice !== undefined && { advice }),
    ...(requestId !== undefined && { requestId }),
  };
}

/** What the codes of the system mean. */
const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "no machine has this name"],
  ["EAI_AGAIN", "the name of the machine cannot be looked up now"],
  ["ECONNRESET", "the connection broke"],
  ["ETIMEDOUT", "no answer came in time"],
  ["EPROTO", "it does not speak TLS there; is the address http://…?"],
]);

const codeOf = (error: Error): unknown => ("code" in error ? error.code : undefined);

function explainSilence({ cause, message }: GoClawError, target: Target | undefined): Explanation {
  const reason = cause instanceof Error ? (REASONS.get(codeOf(cause)) ?? cause.message) : message;
  return {
    exitCode: EXIT.unreachable,
    sentence: `${target?.url ?? "the gateway"} cannot be reached: ${safeLine(reason)}`,
    advice: adviceOnSilence(target),
  };
}

function adviceOnSilence(target: Target | undefined): string {
  switch (target?.source.kind) {
    case "context":
      return `Is it running? This is the context ${target.source.name}; goclaw use chooses another one.`;
    case "named":
      return "Check the address and whether the gateway is running.";
    default:
      return "Start the gateway with goclaw serve (npm start in a checkout), or log in to another: goclaw login --url …";
  }
}

function adviceFor(error: GoClawError, target: Target | undefined): string | undefined {
  if (error.status === 401) return adviceOnToken(target);
  if (error.status === 429 || error.retryAfterMs > 0)
    return `Try again ${error.retryAfterMs > 0 ? `in ${toSeconds(error.retryAfterMs)}` : "later"}.`;
  if (target && target.user === undefined && error.message.includes("X-GoClaw-User-Id"))
    return "Say for whom you act: --user NAME, GOCLAW_USER=NAME, or once for all: goclaw login … --user NAME";
  return undefined;
}

function adviceOnToken(target: Target | undefined): string {
  if (target?.token !== undefined && target.source.kind !== "local") return "Store a valid token with goclaw login.";
  if (target?.source.kind === "local" && target.token)
    return "The token of this machine's home was refused: set GOCLAW_HOME to the home of that gateway.";
  return "Store a token with goclaw login, or set GOCLAW_TOKEN.";
}

/** The fields that were refused, each with its reason. One alone is in the message already. */
function fieldsOf({ details }: GoClawError): readonly string[] {
  const fields: readonly unknown[] = Array.isArray(details.fields) ? details.fields : [];
  if (fields.length < 2) return [];
  return fields.filter(isRecord).map(({ field, message }) => `${String(field)}: ${String(message)}`);
}
