import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { Reply } from "#core/reply.ts";
import { statusOf } from "#core/wire.ts";
import { createLogin } from "#features/logins/create-login.ts";
import { describeCaller } from "#features/logins/describe-caller.ts";
import { endOwnLogin, revokeLogin } from "#features/logins/end-login.ts";
import { loginCreated, loginOffered, loginRevoked } from "#features/logins/events.ts";
import { listLogins } from "#features/logins/list-logins.ts";
import { clearLoginCookie } from "#features/logins/login-cookie.ts";
import { createLink } from "#features/logins/offer-login.ts";
import * as schema from "#features/logins/schema.ts";

const REVOKED = { status: "revoked" } as const;

export const loginOperations = [
  defineOperation({
    name: "logins.list",
    http: { method: "GET", path: "/v1/logins" },
    access: ACCESS.read,
    summary: "List the browsers that are signed in, newest first",
    description: "Administrators see all of the tenant, others their own. At most 200.",
    input: z.object({}),
    output: schema.LoginList,
    run: async (ctx) => ({ logins: await listLogins(ctx) }),
  }),
  defineOperation({
    name: "logins.create",
    http: { method: "POST", path: "/v1/logins", status: 201 },
    runsOnce: true,
    access: "public",
    summary: "Sign a browser in",
    description:
      "By the code of a link, or by a credential that somebody typed in. The answer sets a cookie, which stands for that credential. For the gateway's own pages only. A login that the browser had before ends.",
    input: schema.CreateLoginInput,
    output: schema.CreatedLogin,
    errors: ["UNAUTHORIZED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION"],
    audit: loginCreated,
    otherAudits: [loginRevoked],
    setsCookie: true,
    example: { input: { code: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" } },
    run: createLogin,
  }),
  defineOperation({
    name: "logins.create_link",
    http: { method: "POST", path: "/v1/logins/links", status: 201 },
    runsOnce: true,
    access: ACCESS.read,
    summary: "Make a link that signs a browser in as the caller",
    description: "It works once, for ten minutes. For callers with the gateway token or an API key.",
    input: z.object({}),
    output: schema.LoginLink,
    audit: loginOffered,
    shownOnce: ["url"],
    run: createLink,
  }),
  defineOperation({
    name: "logins.current",
    http: { method: "GET", path: "/v1/logins/current" },
    access: ACCESS.read,
    summary: "Say who the caller is",
    description: "For every caller, also without a login. `tenants.mine` lists the tenants in which it may act.",
    input: z.object({}),
    output: schema.Caller,
    run: describeCaller,
  }),
  defineOperation({
    name: "logins.end",
    http: { method: "DELETE", path: "/v1/logins/current" },
    access: ACCESS.read,
    summary: "Sign out the browser that calls",
    description: "Clears its cookie. Its sockets close within two seconds.",
    input: z.object({}),
    output: statusOf("revoked"),
    errors: ["NOT_FOUND"],
    audit: loginRevoked,
    setsCookie: true,
    run: async (ctx) => {
      await endOwnLogin(ctx);
      return new Reply(REVOKED, clearLoginCookie(ctx));
    },
  }),
  defineOperation({
    name: "logins.revoke",
    http: { method: "DELETE", path: "/v1/logins/{id}" },
    access: ACCESS.read,
    summary: "Sign out a browser",
    description:
      "Administrators may do so to all of the tenant, others to their own. Its sockets close within two seconds.",
    input: schema.LoginPath,
    output: statusOf("revoked"),
    audit: loginRevoked,
    run: async (ctx, { id }) => {
      await revokeLogin(ctx, id);
      return REVOKED;
    },
  }),
];
