import type { BrowserContext } from "playwright-core";
import { signIn } from "#features/logins/login-fixture.ts";
import { aKey, OWNER } from "#features/tenants/tenant-fixture.ts";
import { TEST_USER, type TestGateway } from "#testing/test-gateway.ts";

export type Role = "owner" | "admin" | "operator" | "viewer";

/** Who looks at the dashboard. */
export interface Viewer {
  readonly as: Role;
  readonly user: string;
  /** The slug of the tenant. */
  readonly tenant: string;
}

/** The users who look at the dashboard, unless a test names others. */
export const VIEWERS = { owner: OWNER.user, admin: TEST_USER, operator: "grace", viewer: "lan" } as const;

const SCOPES = {
  admin: ["operator.admin"],
  operator: ["operator.read", "operator.write"],
  viewer: ["operator.read"],
} as const;

/** Returns what signs a person in, so that the pages of a context have the cookie. */
export function createSignIn(gateway: TestGateway) {
  const tokens = new Map<string, string>();

  /** Owners hold the gateway token, and all others a key of their own. */
  async function tokenOf({ as, user, tenant }: Viewer): Promise<string> {
    if (as === "owner") return gateway.token;
    const name = `${user} as ${as}`;
    const known = tokens.get(`${name} in ${tenant}`);
    if (known !== undefined) return known;
    const { bearer } = await aKey(gateway, SCOPES[as], { tenant, owner_id: user, name });
    tokens.set(`${name} in ${tenant}`, bearer);
    return bearer;
  }

  return async (context: BrowserContext, viewer: Viewer): Promise<void> => {
    const { cookie, answer } = await signIn(gateway, { token: await tokenOf(viewer), user_id: viewer.user });
    if (answer.status !== 201) throw new Error(`POST /v1/logins answered ${answer.status}: ${answer.text}`);
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url: gateway.url, httpOnly: true, sameSite: "Strict" }]);
  };
}
