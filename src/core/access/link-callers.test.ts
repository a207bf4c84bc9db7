import { expect, test } from "bun:test";
import { systemClock } from "#base/clock.ts";
import { toTenantId } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { type Credentials, createAuthenticate } from "#core/access/authenticate.ts";
import { FileLinks } from "#core/access/file-links.ts";

const TENANT = toTenantId("0193a5b0-7000-7000-8000-000000000002");
const PATH = "/v1/files/a.txt";
const TOKEN = new Secret("the-gateway-token");

const links = new FileLinks(TOKEN, systemClock);
const nobody = { find: async () => undefined, findById: async () => undefined };
const authenticate = createAuthenticate(
  { gatewayToken: TOKEN, ownerIds: () => [], defaultUserId: undefined },
  {
    ...{ keys: nobody, devices: nobody, logins: nobody, links },
    tenants: { find: async (id) => (id === TENANT ? { id: TENANT, status: "active" } : undefined) },
  },
);
const call = (link: Credentials["link"], bearer: string) =>
  authenticate({ bearer, userId: "ada", tenantHint: undefined, link });
const token = links.sign(TENANT, PATH).split("?ft=")[1] ?? "";

test("whoever has a signed link is a viewer of its tenant without a name, whatever else the request has", async () => {
  expect(await call({ path: PATH, token }, "wrong")).toEqual({
    actor: { kind: "link" },
    role: "viewer",
    tenantId: TENANT,
    isTenantNamed: false,
    userId: "anonymous",
    isUserKnown: false,
  });
});

test("a link that is forged is refused, also beside a good token", async () => {
  const forged = call({ path: "/v1/files/b.txt", token }, TOKEN.reveal());
  await expect(forged).rejects.toMatchObject({ code: "UNAUTHORIZED" });
});
