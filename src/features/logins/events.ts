import { z } from "zod";
import { defineEvent } from "#core/events/events.ts";

const Login = z.object({ user_id: z.string().describe("The user of the browser") });

export const loginOffered = defineEvent({ type: "login.offered", entity: "login", payload: Login });
export const loginCreated = defineEvent({ type: "login.created", entity: "login", payload: Login });
export const loginRevoked = defineEvent({ type: "login.revoked", entity: "login", payload: Login });

/** Every kind of event about logins. */
export const loginEvents = [loginOffered, loginCreated, loginRevoked];
