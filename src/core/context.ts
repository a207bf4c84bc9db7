import type { Clock } from "#base/clock.ts";
import type { Locale } from "#base/i18n/translate.ts";
import type { TenantId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { TraceHeaders } from "#base/trace-headers.ts";
import type { Role } from "#core/access/access.ts";
import type { Actor } from "#core/access/actor.ts";
import type { CallOptions } from "#core/call-options.ts";
import type { IdempotentCall } from "#core/idempotency/idempotent-call.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { ServiceToken } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";

/** The authenticated caller. It is derived once from the credentials. A request body never changes it. */
export interface Principal {
  readonly actor: Actor;
  readonly role: Role;
  readonly tenantId: TenantId;
  /** True if the request or its API key names the tenant. */
  readonly isTenantNamed: boolean;
  readonly userId: string;
  /** False if the request named no user. `userId` is then a placeholder. */
  readonly isUserKnown: boolean;
  /** The login of the browser that makes the call, where its cookie says who calls. */
  readonly loginId?: string;
}

/** The context of one call. The transport builds it once, and functions pass it on as a parameter. */
export interface Context extends Principal {
  readonly requestId: string;
  readonly operation: AnyOperation;
  readonly locale: Locale;
  readonly clientIp: string;
  readonly options: CallOptions;
  /** Aborts when the caller disconnects. */
  readonly signal: AbortSignal;
  /** The trace that the caller sent, unchecked. */
  readonly traceHeaders?: TraceHeaders | undefined;
  readonly db: TenantDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Set while the call runs under an idempotency key. */
  readonly idempotency?: IdempotentCall | undefined;
  use<Service>(token: ServiceToken<Service>): Service;
}

/** Returns a context that differs in some fields. A spread would compute every lazy field of the first one. */
export const deriveContext = (ctx: Context, changes: Partial<Context>): Context =>
  Object.create(ctx, Object.getOwnPropertyDescriptors(changes)) as Context;
