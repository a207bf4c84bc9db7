import { useCallback, useEffect, useMemo, useState } from "react";
import { type Client, createClient, GoClawError } from "#client/index.ts";
import type { Language } from "#web/i18n/languages.ts";
import type { Caller } from "#web/live/caller.ts";

type SessionState =
  | { readonly kind: "looking" }
  | { readonly kind: "out"; readonly refusal?: GoClawError }
  | { readonly kind: "in"; readonly caller: Caller; readonly tenant: string };

export interface Session {
  readonly state: SessionState;
  readonly client: Client;
  /** Looks again who is signed in. */
  readonly look: () => void;
  readonly signIn: (proof: Proof) => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly chooseTenant: (tenant: string) => void;
}

/** What a person shows to be let in. The gateway keeps it behind a cookie that no script can read. */
export type Proof =
  | { readonly code: string }
  | { readonly token: string; readonly user_id?: string }
  | { readonly sender_id: string };

/** The chosen tenant is no secret: the gateway checks each call. */
const TENANT = "goclaw.tenant";
const CODE = /^#sign-in=([\w-]+)$/;

/** Signs in with the code of a one-time link, with a token, or as whoever the browser's cookie says. */
export function useSession(locale: Language): Session {
  const client = useMemo(() => createClient({ url: location.origin, locale }), [locale]);
  const [state, setState] = useState<SessionState>({ kind: "looking" });

  const look = useCallback(async () => {
    try {
      setState(await findCaller(locale));
    } catch (thrown) {
      setState({ kind: "out", refusal: toGoClawError(thrown) });
    }
  }, [locale]);

  const signIn = useCallback(
    async (proof: Proof) => {
      await client.call("logins.create", proof);
      await look();
    },
    [client, look],
  );

  useEffect(() => {
    const code = takeCode();
    if (code === undefined) void look();
    else signIn({ code }).catch((thrown) => setState({ kind: "out", refusal: toGoClawError(thrown) }));
  }, [look, signIn]);

  return {
    ...{ state, client, signIn },
    look: () => void look(),
    async signOut() {
      await client.call("logins.end");
      localStorage.removeItem(TENANT);
      setState({ kind: "out" });
    },
    chooseTenant(tenant) {
      localStorage.setItem(TENANT, tenant);
      void look();
    },
  };
}

/** Asks who the cookie stands for, first in the tenant that was chosen last. */
async function findCaller(locale: Language): Promise<SessionState> {
  const tenant = localStorage.getItem(TENANT) ?? "";
  try {
    const client = createClient({ url: location.origin, locale, ...(tenant && { tenant }) });
    return { kind: "in", caller: await client.call("logins.current"), tenant };
  } catch (thrown) {
    const isRefused = thrown instanceof GoClawError && ["UNAUTHORIZED", "NOT_FOUND"].includes(thrown.code);
    if (!isRefused) throw thrown;
    if (tenant === "") return { kind: "out" };
    localStorage.removeItem(TENANT);
    return findCaller(locale);
  }
}

/** Takes the code out of the URL, so that no history keeps it. */
function takeCode(): string | undefined {
  const [, code] = CODE.exec(location.hash) ?? [];
  if (code !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return code;
}

const toGoClawError = (thrown: unknown): GoClawError =>
  thrown instanceof GoClawError
    ? thrown
    : new GoClawError({ code: "INTERNAL", message: String(thrown), retryable: false, retryAfterMs: 0 });
