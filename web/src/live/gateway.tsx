import type { QueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import type { Client, Connection } from "#client/index.ts";
import type { Caller } from "#web/live/caller.ts";
import type { SeriesColors } from "#web/ui/charts/series-colors.ts";

/** The gateway as the signed-in person reaches it. */
export interface Gateway {
  readonly caller: Caller;
  /** Calls over HTTP: for uploads and files. Everything else goes over the socket. */
  readonly client: Client;
  /** The one socket of the page. */
  readonly connection: Connection;
  readonly queries: QueryClient;
  /** The colours of models, agents and people in charts. */
  readonly colors: SeriesColors;
}

const GatewayContext = createContext<Gateway | undefined>(undefined);

export function GatewayProvider({ gateway, children }: { readonly gateway: Gateway; readonly children: ReactNode }) {
  return <GatewayContext value={gateway}>{children}</GatewayContext>;
}

/** Returns the gateway. Only parts below the sign-in may ask for it. */
export function useGateway(): Gateway {
  const gateway = useContext(GatewayContext);
  if (!gateway) throw new Error("there is no GatewayProvider above");
  return gateway;
}

export const useCaller = (): Caller => useGateway().caller;
