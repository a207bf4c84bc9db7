import { z } from "zod";
import { ROLES } from "#core/access/access.ts";
import { UserId } from "#core/access/identity.ts";
import { listOf, SingleLine, Timestamp } from "#core/wire.ts";

/** A browser that is signed in, without the value of its cookie. */
export const Login = z
  .object({
    id: z.guid(),
    user_id: z.string().describe("For whom the browser acts, unless a request names another user"),
    made_with: z
      .enum(["gateway", "api_key", "device"])
      .describe("The credential that it stands for: the gateway token, a key, or a paired browser"),
    api_key_id: z.string().nullable().describe("The key, where it stands for one"),
    user_agent: z.string().describe("What the browser calls itself, cut"),
    ip: z.string().describe("From where it signed in"),
    created_at: Timestamp,
    last_used_at: Timestamp.describe("Exact to a few minutes"),
    expires_at: Timestamp.describe("Later with every use, up to 90 days after it began"),
    is_current: z.boolean().describe("True for the browser that asks"),
  })
  .meta({ id: "Login" });
export type Login = z.output<typeof Login>;

export const LoginList = listOf("logins", Login);

/** Who makes a call, and by which credential. */
export const Caller = z
  .object({
    role: z.enum(ROLES),
    user_id: z.string(),
    tenant_id: z.string(),
    tenant_slug: z.string(),
    tenant_name: z.string(),
    is_owner: z.boolean().describe("True for owners of the gateway"),
    is_master_scope: z.boolean().describe("True for owners, and in the master tenant"),
    authenticated_by: z
      .enum(["gateway", "api_key", "device", "none"])
      .describe("The gateway token, an API key, a paired browser, or nothing where the gateway asks for nothing"),
    login_id: z.guid().nullable().describe("The login whose cookie says who calls; null without one"),
  })
  .meta({ id: "Caller" });
export type Caller = z.output<typeof Caller>;

export const LoginLink = z
  .object({
    url: z.string().optional().describe("Shown this once; a replay under an Idempotency-Key leaves it out"),
    expires_at: Timestamp.nullable().describe("Null where nobody has to sign in"),
  })
  .meta({ id: "LoginLink" });
export type LoginLink = z.output<typeof LoginLink>;

export const CreateLoginInput = z
  .object({
    code: SingleLine.max(255).optional().describe("The code of a link: what follows `#sign-in=`"),
    token: SingleLine.max(4_000).optional().describe("The gateway token or an API key, where there is no code"),
    sender_id: SingleLine.max(255).optional().describe("The id of a browser that an administrator approved"),
    user_id: UserId.optional().describe("With a token: on whose behalf the browser acts"),
  })
  .meta({ id: "CreateLoginInput" });
export type CreateLoginInput = z.output<typeof CreateLoginInput>;

export const CreatedLogin = z.object({ login: Login, caller: Caller }).meta({ id: "CreatedLogin" });

export const LoginPath = z.object({ id: z.string().describe("The login's id") });
