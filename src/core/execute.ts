import { requireAccess } from "#core/access/access.ts";
import { keptAnswers } from "#core/answers/kept-answers.ts";
import type { Context } from "#core/context.ts";
import { idempotently, type Outcome } from "#core/idempotency/idempotently.ts";
import type { AnyOperation } from "#core/operation.ts";
import { parseInput, renameFields } from "#core/parse-input.ts";
import { isCarrier, Reply } from "#core/reply.ts";

/**
 * Runs an operation: checks access, parses the input, runs once per idempotency key, and parses the output. Every call
 * of an operation goes through this function.
 */
export async function execute(operation: AnyOperation, ctx: Context, rawInput: unknown): Promise<Outcome> {
  if (operation.access !== "public") requireAccess(ctx, operation.access);
  const once = takeOnce(parseInput(operation.input, renameFields(rawInput, operation.otherNames)));
  const kept = operation.keptUntil && ctx.use(keptAnswers);
  if (kept?.keeps(operation)) {
    const input = once();
    return {
      value: await kept.get(ctx, input, async () => shape(operation, await operation.run(ctx, input))),
      isReplay: false,
    };
  }
  return idempotently(ctx, rawInput, async (call) => shape(operation, await operation.run(call, once())));
}

/** Hands out a value once, so that a call that takes minutes holds its input, of many megabytes, only while it needs it. */
function takeOnce<Value>(value: Value): () => Value {
  const kept: Value[] = [value];
  return () => {
    const taken = kept.pop();
    if (taken === undefined) throw new Error("an operation ran twice on one input");
    return taken;
  };
}

// Parsing the output also removes fields that its schema does not name, such as the hash of a key.
function shape(operation: AnyOperation, answer: unknown): unknown {
  if (isCarrier(answer)) return answer;
  if (answer instanceof Reply) return new Reply(operation.output.parse(answer.value), answer.headers, answer.status);
  return operation.output.parse(answer);
}
