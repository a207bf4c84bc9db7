import type { Clock } from "#base/clock.ts";
import type { Locale } from "#base/i18n/translate.ts";
import type { TenantId } from "#base/ids.ts";
import type { Logger } from "#base/logger.ts";
import type { Role, Scope } from "#core/access.ts";
import type { IdempotentCall } from "#core/idempotent-call.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { ServiceToken } from "#core/service.ts";
import type { TenantDatabase } from "#db/database.ts";

export type Actor =
  | { readonly kind: "gateway" }
  | {
      readonly kind: "api_key";
      readonly keyId: string;
      readonly prefix: string;
      readonly scopes: readonly Scope[];
      /** Null for a key of the system. */
      readonly tenantId: TenantId | null;
      /** A bound key always acts as its owner, whatever the request says. */
      readonly isBound: boolean;
      readonly expiresAt: string | null;
    }
  | { readonly kind: "anonymous" };

/** Who asks: made once from the credentials, never changed by a request's body. */
export interface Principal {
  readonly actor: Actor;
  readonly role: Role;
  readonly tenantId: TenantId;
  /** The tenant was named by the request, not assumed. */
  readonly isTenantNamed: boolean;
  readonly userId: string;
  /** False when nobody said on whose behalf the call is made and `userId` only stands in. */
  readonly isUserKnown: boolean;
}

/** What a request may say beside its body. */
export interface RequestHints {
  /** `X-GoClaw-Agent-Id`: stands in for an agent that the body does not name. */
  readonly agent?: string | undefined;
  /** `X-GoClaw-Session-Key`: the session to continue. */
  readonly sessionKey?: string | undefined;
  /** The caller asked for one JSON document where the operation would stream. */
  readonly prefersJson?: boolean;
  /** `Last-Event-ID`: the cursor at which an event stream broke off. */
  readonly lastEventId?: string | undefined;
}

/** Everything one call may know. Built once by a transport, passed down explicitly. */
export interface Context extends Principal {
  readonly requestId: string;
  readonly operation: AnyOperation;
  readonly locale: Locale;
  readonly clientIp: string;
  readonly hints: RequestHints;
  /** Aborts when the caller goes away. */
  readonly signal: AbortSignal;
  readonly db: TenantDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly idempotencyKey?: string | undefined;
  /** Set while the call runs under an `Idempotency-Key`. */
  readonly idempotency?: IdempotentCall | undefined;
  use<Service>(token: ServiceToken<Service>): Service;
}
