import { z } from "zod";
import { DIALECTS } from "#core/live/run-feed.ts";

const Words = z.string().max(4_000).optional();

/** The first call on a socket. */
export const ConnectInput = z
  .object({
    token: Words.describe("The gateway token or an API key"),
    user_id: Words.describe("On whose behalf the caller acts, as the header X-GoClaw-User-Id says it"),
    sender_id: Words.describe("The id that the gateway gave to a browser. It is a credential once it is approved"),
    locale: Words.describe("`en`, `vi` or `zh`: the language of errors"),
    tenant_id: Words.describe("The id or slug of a tenant, as the header X-GoClaw-Tenant-Id says it"),
    tenant_hint: Words.describe("The same; tenant_id wins"),
    tenant_scope: Words.describe("The same; the others win"),
    dialect: z
      .enum(DIALECTS)
      .default("goclaw")
      .describe("`goclaw`: methods and events as protocol v3 names them; `operations`: as the routes of this document"),
    feed: z
      .enum(["all", "own", "none"])
      .default("all")
      .describe("What is sent unasked: all that the caller may see, what concerns its user, or nothing"),
  })
  .meta({ id: "ConnectInput" });
export type ConnectInput = z.output<typeof ConnectInput>;

/** Returns the tenant that a client names, under any of the names of this field. */
export const tenantHintOf = (
  input: Pick<ConnectInput, "tenant_id" | "tenant_hint" | "tenant_scope">,
): string | undefined => input.tenant_id || input.tenant_hint || input.tenant_scope;
