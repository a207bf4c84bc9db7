import { AppError } from "#base/errors.ts";
import type { Context } from "#core/context.ts";
import type { LiveConnection } from "#core/live/live-connection.ts";

/** Returns the connection of the caller. Throws INVALID_REQUEST for a call that came over HTTP. */
export function requireLive({ options, operation }: Context): LiveConnection {
  if (options.live) return options.live;
  throw new AppError("INVALID_REQUEST", "error.socket_only", { operation: operation.name }, { reason: "socket_only" });
}
