import type { Config } from "#app/config/schema.ts";
import { OLLAMA_BASES } from "#app/find-provider.ts";
import type { Resolve } from "#base/egress/checked-lookup.ts";
import { createEgress, type Egress } from "#base/egress/create-egress.ts";
import { hostAndPort } from "#base/egress/egress-policy.ts";

/** Creates the egress with the policy and the proxy that the operator configured. */
export function openEgress({ egress, providers, telemetry }: Config, resolve?: Resolve): Egress {
  return createEgress(
    {
      allowHosts: new Set(egress.allow_hosts.map((host) => host.toLowerCase())),
      allowPrivateProviderUrls: providers.allow_private_urls,
      localProviderBases: OLLAMA_BASES,
      collector: telemetry.endpoint && hostAndPort(new URL(telemetry.endpoint)),
    },
    {
      proxy: egress.proxy && new URL(egress.proxy.reveal()),
      noProxy: egress.no_proxy,
      ...(resolve && { resolve }),
    },
  );
}
