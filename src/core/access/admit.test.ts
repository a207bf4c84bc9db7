import { describe, expect, test } from "bun:test";
import { MASTER_TENANT_ID, toTenantId } from "#base/ids.ts";
import { ACCESS, type AccessRule } from "#core/access/access.ts";
import type { Actor } from "#core/access/actor.ts";
import { type AdmissionRules, createAdmission } from "#core/access/admit.ts";
import type { Context } from "#core/context.ts";
import type { LiveConnection } from "#core/live/live-connection.ts";
import type { AnyOperation } from "#core/operation.ts";
import type { Lifecycle } from "#core/platform.ts";

const anOperation = (access: AccessRule | "public") =>
  ({ name: "agents.things.change", access }) as unknown as AnyOperation;

const aCaller = (changes: Partial<Context> = {}) =>
  ({
    actor: { kind: "gateway" },
    role: "admin",
    tenantId: MASTER_TENANT_ID,
    userId: "ada",
    isUserKnown: true,
    clientIp: "192.0.2.1",
    operation: { name: "agents.things.change" },
    options: {},
    ...changes,
  }) as Context;

/** An admission that allows `allowed` calls, with the names under which it counted them. */
function open({ rules = {}, allowed = 100 }: { rules?: Partial<AdmissionRules>; allowed?: number } = {}) {
  const counted: string[] = [];
  const limiter = { take: async (key: string) => counted.push(key) <= allowed };
  const admission = createAdmission({ lifecycle: { state: "ready" }, limiter, rateScope: () => "all", ...rules });
  return { admission, counted };
}

describe("a gateway that is not ready", () => {
  test.each<[Lifecycle["state"], string]>([
    ["starting", "error.unavailable"],
    ["draining", "error.shutting_down"],
  ])("because it is %s answers calls with %s and counts none", async (state, key) => {
    const { admission, counted } = open({ rules: { lifecycle: { state } } });
    const refusal = { code: "UNAVAILABLE", key, options: { reason: state } };
    expect(() => admission.requireReady()).toThrow(expect.objectContaining(refusal));
    await expect(admission.admit(aCaller(), anOperation(ACCESS.read))).rejects.toMatchObject(refusal);
    expect(counted).toEqual([]);
  });

  test("serves public operations in every state, and counts none of them", async () => {
    for (const state of ["starting", "ready", "draining"] as const) {
      const { admission, counted } = open({ rules: { lifecycle: { state } } });
      await admission.admit(aCaller({ role: "viewer" }), anOperation("public"));
      expect(counted).toEqual([]);
    }
  });
});

describe("the rate of a caller", () => {
  test("on a lasting connection counts the calls that start a run alone", async () => {
    const { admission, counted } = open();
    const caller = aCaller({ options: { live: {} as LiveConnection } });
    await admission.admit(caller, anOperation(ACCESS.read));
    expect(counted).toEqual([]);
    await admission.admit(caller, anOperation(ACCESS.run));
    expect(counted).toHaveLength(1);
  });

  test.each<[ReturnType<AdmissionRules["rateScope"]>, AccessRule["rate"], number]>([
    ["all", "standard", 1],
    ["all", "run", 1],
    ["all", "none", 0],
    ["runs", "standard", 0],
    ["runs", "run", 1],
    ["runs", "none", 0],
  ])("that covers %s calls counts one of the rate %s %i times", async (rateScope, rate, times) => {
    const { admission, counted } = open({ rules: { rateScope: () => rateScope } });
    await admission.admit(aCaller(), anOperation({ ...ACCESS.read, rate }));
    expect(counted).toHaveLength(times);
  });

  test("refuses the call that is over it, and a failed authentication over it", async () => {
    const { admission } = open({ allowed: 1 });
    await admission.admit(aCaller(), anOperation(ACCESS.read));
    const refusal = { code: "RESOURCE_EXHAUSTED", options: { reason: "rate_limit" } };
    await expect(admission.admit(aCaller(), anOperation(ACCESS.read))).rejects.toMatchObject(refusal);
    await expect(admission.countFailedAuthentication("192.0.2.1")).rejects.toMatchObject(refusal);
  });

  test("counts no call without access", async () => {
    const { admission, counted } = open();
    const refused = admission.admit(aCaller({ role: "viewer" }), anOperation(ACCESS.write));
    await expect(refused).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    expect(counted).toEqual([]);
  });

  test("is shared by the calls of one user in one tenant, else of one key, else of one host", async () => {
    const key = (keyId: string) => ({ kind: "api_key", keyId, scopes: ["operator.admin"] }) as unknown as Actor;
    const nobody = { isUserKnown: false, userId: "system" };
    const nameOf = async (changes: Partial<Context>) => {
      const { admission, counted } = open();
      await admission.admit(aCaller(changes), anOperation(ACCESS.read));
      return counted.join();
    };
    const user = await nameOf({});
    expect(await nameOf({ actor: key("k1"), clientIp: "192.0.2.2" })).toBe(user);
    expect(await nameOf({ userId: "bob" })).not.toBe(user);
    expect(await nameOf({ tenantId: toTenantId("other") })).not.toBe(user);

    const ofKey = await nameOf({ ...nobody, actor: key("k1") });
    expect(await nameOf({ ...nobody, actor: key("k1"), clientIp: "192.0.2.2" })).toBe(ofKey);
    expect(await nameOf({ ...nobody, actor: key("k2") })).not.toBe(ofKey);

    const stranger = { ...nobody, actor: { kind: "anonymous" } as const };
    const ofHost = await nameOf({ ...stranger, clientIp: "2001:db8::1" });
    expect(await nameOf({ ...stranger, clientIp: "2001:db8::2" })).toBe(ofHost);
    expect(await nameOf({ ...stranger, clientIp: "2001:db9::1" })).not.toBe(ofHost);
    expect(await nameOf({ ...nobody, clientIp: "2001:db8::1" })).toBe(await nameOf({ userId: "system" }));
    expect(new Set([user, ofKey, ofHost]).size).toBe(3);
  });

  test("of a paired browser is one, whichever user it names", async () => {
    const { admission, counted } = open();
    const browser = (deviceId: string) => ({ kind: "device", deviceId, shortId: "ab12cd34" }) as const;
    await admission.admit(aCaller({ role: "operator", actor: browser("d1") }), anOperation(ACCESS.read));
    await admission.admit(aCaller({ role: "operator", actor: browser("d1"), userId: "bob" }), anOperation(ACCESS.read));
    await admission.admit(aCaller({ role: "operator", actor: browser("d2") }), anOperation(ACCESS.read));
    expect(counted[0]).toBe(counted[1]);
    expect(counted[0]).not.toBe(counted[2]);
  });

  test("is never used up by failed authentications of the same host, which share a rate of their own", async () => {
    const { admission, counted } = open();
    const actor = { kind: "anonymous" } as const;
    await admission.admit(aCaller({ actor, isUserKnown: false, clientIp: "2001:db8::1" }), anOperation(ACCESS.read));
    await admission.countFailedAuthentication("2001:db8::1");
    await admission.countFailedAuthentication("2001:db8::2");
    expect(counted[0]).not.toBe(counted[1]);
    expect(counted[1]).toBe(counted[2]);
  });
});
