import { z } from "zod";
import { bareHost } from "#base/egress/egress-policy.ts";

const MAX_DOMAINS = 1_000;

const Domain = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(/^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+)$/)
  .describe("A host, such as example.com, or *.example.com for all below it but not itself");
const Domains = z.array(Domain).max(MAX_DOMAINS).readonly();

/** The sites that a tool may visit. */
export const DomainRules = z.object({
  policy: z.enum(["allow_all", "allowlist"]).optional().describe("allowlist: only the allowed domains"),
  allowed_domains: Domains.optional(),
  blocked_domains: Domains.optional(),
});
export type DomainRules = z.infer<typeof DomainRules>;

/** Returns true if the rules allow a tool to visit a URL. Whole hosts are compared, in the form of the URL parser. */
export function mayVisit(url: URL, { policy, allowed_domains = [], blocked_domains = [] }: DomainRules): boolean {
  const host = bareHost(url);
  // `example.com.` reaches the same server as `example.com`. A rule that blocks one blocks both, but allowing one does
  // not allow both.
  const withoutDot = host.replace(/\.+$/, "");
  if (blocked_domains.some((domain) => isMatch(withoutDot, domain))) return false;
  return policy !== "allowlist" || allowed_domains.some((domain) => isMatch(host, domain));
}

function isMatch(host: string, domain: string): boolean {
  if (!domain.startsWith("*.")) return host === domain;
  return host.endsWith(domain.slice(1)) && host.length > domain.length - 1;
}
