import { describe, expect, test } from "bun:test";
import { systemClock } from "#base/clock.ts";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Secret } from "#base/secret.ts";
import {
  type AuthenticationSettings,
  type Credentials,
  createAuthenticate,
  type KnownKey,
  type KnownLogin,
  type KnownTenant,
} from "#core/access/authenticate.ts";
import { FileLinks } from "#core/access/file-links.ts";

const TOKEN = "the-gateway-token";
const ACME = toTenantId("acme-id");
const TENANTS: Readonly<Record<string, KnownTenant>> = {
  [MASTER_TENANT_ID]: { id: MASTER_TENANT_ID, status: "active" },
  acme: { id: ACME, status: "active" },
  [ACME]: { id: ACME, status: "active" },
  paused: { id: toTenantId("paused-id"), status: "suspended" },
  gone: { id: toTenantId("gone-id"), status: "archived" },
};
const KEY: KnownKey = {
  id: "k1",
  prefix: "goclaw_1",
  tenantId: null,
  ownerId: null,
  scopes: ["operator.write"],
  expiresAt: "2030-01-01T00:00:00.000Z",
};
const KEYS: Readonly<Record<string, KnownKey>> = {
  system: KEY,
  bound: { ...KEY, ownerId: "bob" },
  ofAcme: { ...KEY, tenantId: ACME },
};

const DEVICE = { id: "d1", shortId: "ab12cd34", tenantId: ACME };

const LOGINS: Readonly<Record<string, KnownLogin>> = {
  ofGateway: { id: "l1", keyId: null, deviceId: null, userId: "ada", tenantId: ACME },
  ofSystem: { id: "l2", keyId: "system", deviceId: null, userId: "key:goclaw_1", tenantId: undefined },
  ofBob: { id: "l3", keyId: "bound", deviceId: null, userId: "ada", tenantId: undefined },
  ofBrowser: { id: "l5", keyId: null, deviceId: "d1", userId: "ada", tenantId: undefined },
  ofNobody: { id: "l4", keyId: "revoked", deviceId: null, userId: "ada", tenantId: undefined },
};

const authenticate = (credentials: Partial<Credentials>, settings: Partial<AuthenticationSettings> = {}) =>
  createAuthenticate(
    { gatewayToken: new Secret(TOKEN), ownerIds: () => [], defaultUserId: undefined, ...settings },
    {
      keys: { find: async (rawKey) => KEYS[rawKey], findById: async (id) => KEYS[id] },
      devices: {
        find: async (senderId) => (senderId === DEVICE.id ? DEVICE : undefined),
        findById: async (id) => (id === DEVICE.id ? DEVICE : undefined),
      },
      logins: { find: async ({ kind, text }) => (kind === "cookie" ? LOGINS[text] : undefined) },
      tenants: { find: async (idOrSlug) => TENANTS[idOrSlug] },
      links: new FileLinks(new Secret(TOKEN), systemClock),
    },
  )({ bearer: TOKEN, userId: undefined, tenantHint: undefined, ...credentials });

describe("a gateway without authentication", () => {
  const open = { gatewayToken: undefined };

  test("makes every caller the administrator of the master tenant, under one user", async () => {
    expect(await authenticate({ bearer: undefined, userId: "ada", tenantHint: "acme" }, open)).toEqual({
      actor: { kind: "anonymous" },
      role: "admin",
      tenantId: MASTER_TENANT_ID,
      isTenantNamed: false,
      userId: "system",
      isUserKnown: true,
    });
  });

  test("knows the user only if the request or the settings name one", async () => {
    const isKnown = async (userId: string | undefined, defaultUserId?: string) =>
      (await authenticate({ bearer: undefined, userId }, { ...open, defaultUserId })).isUserKnown;
    expect(await isKnown(undefined)).toBe(false);
    expect(await isKnown("ada")).toBe(true);
    expect(await isKnown(undefined, "ada")).toBe(true);
  });

  test("still refuses a wrong bearer token and accepts an API key", async () => {
    await expect(authenticate({ bearer: "wrong" }, open)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect((await authenticate({ bearer: "system" }, open)).actor).toMatchObject({ kind: "api_key", keyId: "k1" });
  });
});

describe("a browser that is signed in", () => {
  const signedIn = (text: string, more: Partial<Credentials> = {}) =>
    authenticate({ bearer: undefined, login: { kind: "cookie", text }, ...more });

  test("has the rights of its credential, and names a user and a tenant where its request does not", async () => {
    expect(await signedIn("ofGateway")).toMatchObject({
      ...{ actor: { kind: "gateway" }, loginId: "l1", role: "admin", userId: "ada", tenantId: ACME },
      isTenantNamed: true,
    });
    const named = { userId: "system", tenantHint: MASTER_TENANT_ID };
    expect(await signedIn("ofGateway", named)).toMatchObject({ role: "owner", tenantId: MASTER_TENANT_ID });
    expect(await signedIn("ofSystem")).toMatchObject({ userId: "key:goclaw_1", isUserKnown: true });
    const browser = { actor: { kind: "device" }, loginId: "l5", role: "operator", userId: "ada", tenantId: ACME };
    expect(await signedIn("ofBrowser")).toMatchObject(browser);
  });

  test("stays bound where its key is, and is nobody without it", async () => {
    expect(await signedIn("ofBob", { userId: "eve" })).toMatchObject({ userId: "bob", loginId: "l3" });
    for (const cookie of ["ofNobody", "unknown"]) {
      await expect(signedIn(cookie)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    }
  });

  test("is not asked where a request names another credential, and never with a code", async () => {
    expect((await signedIn("ofGateway", { bearer: "system" })).loginId).toBeUndefined();
    await expect(signedIn("ofGateway", { bearer: "wrong" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    await expect(signedIn("ofGateway", { senderId: "x" })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    const code = { kind: "code", text: "ofGateway" } as const;
    await expect(authenticate({ bearer: undefined, login: code })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});

describe("a paired browser", () => {
  const credentials = { bearer: undefined, senderId: DEVICE.id };

  test("is an operator of the tenant that approved it, whatever tenant it names", async () => {
    expect(await authenticate({ ...credentials, tenantHint: "master" })).toEqual({
      actor: { kind: "device", deviceId: "d1", shortId: "ab12cd34" },
      role: "operator",
      tenantId: ACME,
      isTenantNamed: true,
      userId: "device:ab12cd34",
      isUserKnown: true,
    });
  });

  test("acts as the user that it names, and owns nothing by that", async () => {
    expect(await authenticate({ ...credentials, userId: "system" })).toMatchObject({
      userId: "system",
      role: "operator",
    });
  });

  test.each([
    ["an unknown credential", { senderId: "d2" }],
    ["no credential", { senderId: undefined }],
    ["a wrong token beside a good credential", { bearer: "wrong" }],
    ["a malformed token beside a good credential", { bearer: "" }],
  ])("is not recognised by %s", async (_, change) => {
    await expect(authenticate({ ...credentials, ...change })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });
});

describe("the gateway token", () => {
  test.each([undefined, "", "wrong", `${TOKEN}x`])("is not %j", async (bearer) => {
    await expect(authenticate({ bearer })).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  });

  test("without a user acts as the system user, who owns the gateway", async () => {
    expect(await authenticate({})).toEqual({
      actor: { kind: "gateway" },
      role: "owner",
      tenantId: MASTER_TENANT_ID,
      isTenantNamed: false,
      userId: "system",
      isUserKnown: false,
    });
  });

  test("acts as the user of the request, else as the default user", async () => {
    const settings = { defaultUserId: "dee" };
    expect(await authenticate({ userId: "ada" }, settings)).toMatchObject({ userId: "ada", isUserKnown: true });
    expect(await authenticate({ userId: "" }, settings)).toMatchObject({ userId: "dee", isUserKnown: true });
  });

  test("gives ownership to the listed users alone", async () => {
    const roleOf = async (userId: string | undefined, ownerIds: readonly string[]) =>
      (await authenticate({ userId }, { ownerIds: () => ownerIds })).role;
    expect(await roleOf("ada", [])).toBe("admin");
    expect(await roleOf("ada", ["ada", "bob"])).toBe("owner");
    expect(await roleOf("eve", ["ada", "bob"])).toBe("admin");
    expect(await roleOf(undefined, ["ada"])).toBe("admin");
  });

  test("acts in the tenant that the request names, else in the master tenant", async () => {
    expect(await authenticate({ tenantHint: "acme" })).toMatchObject({ tenantId: ACME, isTenantNamed: true });
    expect(await authenticate({ tenantHint: "" })).toMatchObject({ tenantId: MASTER_TENANT_ID, isTenantNamed: false });
  });

  test("does not act in a tenant that is unknown or not active", async () => {
    await expect(authenticate({ tenantHint: "nowhere" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    for (const tenantHint of ["paused", "gone"]) {
      await expect(authenticate({ tenantHint })).rejects.toMatchObject({
        key: "error.tenant_suspended",
        options: { status: 403 },
      });
    }
  });
});

describe("an API key", () => {
  test("acts with its scopes, as a user of its own if the request names none", async () => {
    expect(await authenticate({ bearer: "system" })).toEqual({
      actor: {
        kind: "api_key",
        keyId: "k1",
        prefix: "goclaw_1",
        scopes: ["operator.write"],
        tenantId: null,
        isBound: false,
        expiresAt: "2030-01-01T00:00:00.000Z",
      },
      role: "operator",
      tenantId: MASTER_TENANT_ID,
      isTenantNamed: false,
      userId: "key:goclaw_1",
      isUserKnown: false,
    });
  });

  test("acts as the user of the request, else as the default user", async () => {
    const settings = { defaultUserId: "dee" };
    const bearer = "system";
    expect(await authenticate({ bearer, userId: "ada" }, settings)).toMatchObject({ userId: "ada", isUserKnown: true });
    expect(await authenticate({ bearer }, settings)).toMatchObject({ userId: "dee", isUserKnown: true });
  });

  test("that is bound to a user acts as this user alone", async () => {
    const bound = await authenticate({ bearer: "bound", userId: "ada" });
    expect(bound).toMatchObject({ userId: "bob", isUserKnown: true, actor: { isBound: true } });
  });

  test("of a tenant acts in it alone; a system key acts in the tenant that the request names", async () => {
    const [own, elsewhere] = [{ tenantId: ACME, isTenantNamed: true }, { tenantHint: "nowhere" }];
    expect(await authenticate({ bearer: "ofAcme" })).toMatchObject(own);
    expect(await authenticate({ bearer: "ofAcme", ...elsewhere })).toMatchObject(own);
    expect(await authenticate({ bearer: "system", tenantHint: "acme" })).toMatchObject(own);
    await expect(authenticate({ bearer: "system", ...elsewhere })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the user id of a request", () => {
  const longest = "é".repeat(Math.floor(LIMITS.userIdBytes / 2)) + "x".repeat(LIMITS.userIdBytes % 2);

  test("may have as many bytes as the limit says", async () => {
    expect((await authenticate({ userId: longest })).userId).toBe(longest);
  });

  test("is the same person in every spelling, also as the default user, as an owner and at the limit", async () => {
    const [composed, decomposed] = ["nguyễn".normalize("NFC"), "nguyễn".normalize("NFD")];
    expect((await authenticate({ userId: decomposed })).userId).toBe(composed);
    expect((await authenticate({}, { defaultUserId: decomposed })).userId).toBe(composed);
    expect((await authenticate({ userId: composed }, { ownerIds: () => [decomposed] })).role).toBe("owner");
    expect((await authenticate({ userId: longest.normalize("NFD") })).userId).toBe(longest);
  });

  test.each([
    "👩\u200d💻",
    "❤\uFE0F\u200d🔥",
    "👨\u200d👩\u200d👧",
    "می\u200cخواهم",
    "क्\u200dष",
    "nguyễn văn a",
    "张伟",
    "1\uFE0F⃣",
  ])("may be %s", async (userId) => {
    expect((await authenticate({ userId })).userId).toBe(userId.normalize("NFC"));
  });

  test.each([
    ["a byte more", `${longest}x`],
    ["a control character", "a\tb"],
    ["a line separator", "a\u2028b"],
    ["an invisible character", "a\u200bb"],
    ["a joiner that joins nothing", "a\u200db"],
    ["a joiner at its end", "ü\u200d"],
    ["a joiner at its beginning", "\u200c你"],
    ["a bidirectional override", "ü\u202eü"],
    ["a bidirectional isolate", "ü\u2066ü"],
    ["a bidirectional mark", "ü\u200fü"],
    ["a byte order mark", "\ufeffü"],
  ])("is refused with %s, with every credential", async (_, userId) => {
    for (const bearer of [TOKEN, "system", "bound"]) {
      await expect(authenticate({ bearer, userId })).rejects.toMatchObject({
        code: "INVALID_REQUEST",
        params: { header: "X-GoClaw-User-Id" },
      });
    }
  });
});
