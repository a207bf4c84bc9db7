import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { createClient, GoClawError } from "#client/index.ts";
import { type Account, AccountProvider } from "#web/app/account.tsx";
import { createPageRouter } from "#web/app/router.tsx";
import type { Language } from "#web/i18n/languages.ts";
import type { Caller } from "#web/live/caller.ts";
import { followEvents } from "#web/live/follow-events.ts";
import { type Gateway, GatewayProvider } from "#web/live/gateway.tsx";
import { SeriesColors } from "#web/ui/charts/series-colors.ts";

interface SignedInProps extends Pick<Account, "onTenant" | "onSignOut"> {
  readonly caller: Caller;
  /** The chosen tenant, or "" for that of the credential. */
  readonly tenant: string;
  readonly language: Language;
  /** Called when the gateway no longer knows the caller. */
  readonly onRefused: () => void;
}

interface Opened {
  readonly gateway: Gateway;
  readonly router: ReturnType<typeof createPageRouter>;
}

/** The screens, with the socket and the cache that they share. */
export function SignedIn({ caller, tenant, language, onTenant, onSignOut, onRefused }: SignedInProps) {
  const [opened, setOpened] = useState<Opened>();
  const [isOpen, setIsOpen] = useState(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new caller, tenant or language has another key
  useEffect(() => {
    const client = createClient({ url: location.origin, locale: language, ...(tenant && { tenant }) });
    const connection = client.connect({ onChange: setIsOpen });
    const queries = new QueryClient({
      defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } },
    });
    const colors = new SeriesColors();
    setOpened({ gateway: { caller, client, connection, queries, colors }, router: createPageRouter() });
    followEvents(connection, queries).catch(onRefusal);
    // The connection ends on purpose when another one takes its place.
    let isCurrent = true;
    function onRefusal(thrown: unknown): void {
      if (isCurrent && thrown instanceof GoClawError && thrown.code !== "CONNECTION_FAILED") onRefused();
    }
    return () => {
      isCurrent = false;
      connection.close();
      queries.clear();
    };
  }, []);

  if (!opened) return null;
  return (
    <GatewayProvider gateway={opened.gateway}>
      <QueryClientProvider client={opened.gateway.queries}>
        <AccountProvider value={{ isOpen, tenant, onTenant, onSignOut }}>
          <RouterProvider router={opened.router} />
        </AccountProvider>
      </QueryClientProvider>
    </GatewayProvider>
  );
}
