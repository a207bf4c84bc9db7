import { z } from "zod";
import { Secret } from "#base/secret.ts";
import type { SecretPlace } from "#base/secret-box.ts";
import type { Context } from "#core/context.ts";
import { secretBox } from "#core/platform.ts";
import { MessagePart } from "#runtime/transcript/index.ts";

// A caller that stores nothing here keeps the model's reasoning itself, sealed, and sends it back.

const Sealed = z.array(MessagePart);

const placeOf = ({ tenantId: tenant }: Context, user: string): SecretPlace => ({
  table: "responses",
  column: "encrypted_content",
  row: user,
  tenant,
});

/** Seals the reasoning of a message for one user. Returns undefined if it has none. */
export function sealReasoning(ctx: Context, user: string, parts: readonly MessagePart[]): string | undefined {
  const reasoning = parts.filter(({ type }) => type === "reasoning");
  if (reasoning.length === 0) return undefined;
  return ctx.use(secretBox).seal(new Secret(JSON.stringify(reasoning)), placeOf(ctx, user));
}

/**
 * Opens reasoning that was sealed for a user. Returns no parts for text that was sealed elsewhere or with a key that is
 * gone: without its reasoning a conversation can still go on.
 */
export function openReasoning(ctx: Context, user: string, sealed: string): readonly MessagePart[] {
  try {
    return Sealed.parse(JSON.parse(ctx.use(secretBox).open(sealed, placeOf(ctx, user)).reveal()));
  } catch (error) {
    ctx.logger.debug({ error }, "sealed reasoning could not be opened");
    return [];
  }
}
