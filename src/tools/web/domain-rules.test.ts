import { describe, expect, test } from "bun:test";
import { DomainRules, mayVisit } from "#tools/web/domain-rules.ts";

const allows = (allowed_domains: readonly string[], url: string) =>
  mayVisit(new URL(url), { policy: "allowlist", allowed_domains });

describe("domains that may be visited", () => {
  test("must match the whole host", () => {
    const only = ["allowed.com"];
    expect(allows(only, "https://allowed.com/")).toBe(true);
    expect(allows(only, "https://allowed.com:8443/")).toBe(true);
    for (const host of ["allowed.com.evil.test", "evil-allowed.com", "allowed.com.", "www.allowed.com", "llowed.com"]) {
      expect(allows(only, `https://${host}/`)).toBe(false);
    }
    expect(allows(only, "https://evil.test/allowed.com")).toBe(false);
    expect(allows(only, "https://allowed.com@evil.test/")).toBe(false);
    expect(allows(only, "https://аllowed.com/")).toBe(false);
  });

  test("with a star match all subdomains, but not the domain itself", () => {
    expect(allows(["*.allowed.com"], "https://a.allowed.com/")).toBe(true);
    expect(allows(["*.allowed.com"], "https://a.b.allowed.com/")).toBe(true);
    expect(allows(["*.allowed.com"], "https://allowed.com/")).toBe(false);
    expect(allows(["*.allowed.com"], "https://evilallowed.com/")).toBe(false);
    expect(allows(["*.allowed.com", "allowed.com"], "https://allowed.com/")).toBe(true);
  });

  test("are none if the list is empty, and all if there is no list", () => {
    expect(allows([], "https://example.com/")).toBe(false);
    expect(mayVisit(new URL("https://example.com/"), {})).toBe(true);
    expect(mayVisit(new URL("https://example.com/"), { policy: "allow_all", allowed_domains: ["other.com"] })).toBe(
      true,
    );
  });

  test("may be IP addresses", () => {
    expect(allows(["203.0.113.7"], "http://203.0.113.7/")).toBe(true);
    expect(allows(["203.0.113.7"], "http://0xcb007107/")).toBe(true);
    expect(allows(["2001:db8::1"], "http://[2001:db8::1]/")).toBe(true);
  });
});

test("a blocked domain is blocked in every spelling, even if it is allowed too", () => {
  const blocked = (url: string) =>
    !mayVisit(new URL(url), {
      policy: "allowlist",
      allowed_domains: ["evil.com"],
      blocked_domains: ["evil.com", "*.bad.com"],
    });
  for (const host of ["evil.com", "EVIL.com", "evil.com.", "evil.com..", "a.bad.com."])
    expect(blocked(`https://${host}/`)).toBe(true);
  const rules = { blocked_domains: ["evil.com", "*.bad.com"] };
  for (const host of ["notevil.com", "bad.com", "evil.com.org"]) {
    expect(mayVisit(new URL(`https://${host}/`), rules)).toBe(true);
  }
});

test("a rule that could never match is refused", () => {
  const isValid = (domain: string) => DomainRules.safeParse({ allowed_domains: [domain] }).success;
  expect(["example.com", "*.example.com", "xn--d1acufc.xn--p1ai", "127.0.0.1", "::1"].map(isValid)).not.toContain(
    false,
  );
  expect(DomainRules.parse({ allowed_domains: ["*.Example.COM"] }).allowed_domains).toEqual(["*.example.com"]);
  expect(["example.com.", "https://example.com", "exa mple.com", "*", "a/b", ""].map(isValid)).not.toContain(true);
});
