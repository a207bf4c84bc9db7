import { expect, test } from "bun:test";
import { SECOND } from "#base/clock.ts";
import { MASTER_TENANT_ID, newId, toTenantId } from "#base/ids.ts";
import { LIMITS } from "#base/limits.ts";
import { Secret } from "#base/secret.ts";
import { FileLinks } from "#core/access/file-links.ts";

const NOW = Date.parse("2026-01-02T03:04:05.678Z");
const PATH = "/v1/files/a.txt";

function open(secret = "s") {
  const clock = { time: NOW, now: () => new Date(clock.time) };
  return { links: new FileLinks(new Secret(secret), clock), clock };
}

/** Splits a link into its path and the parts of its token. */
function partsOf(link: string) {
  const [path = "", token = ""] = link.split("?ft=");
  const [signature = "", expiry = "", tenant = ""] = token.split(".");
  return { path, token, signature, expiry, tenant };
}

test("a link opens its file in its tenant until it expires", () => {
  const { links, clock } = open();
  const tenantId = toTenantId(newId());
  const { path, token, expiry } = partsOf(links.sign(tenantId, PATH));
  expect(path).toBe(PATH);
  expect(Number(expiry)).toBe(Math.floor((NOW + LIMITS.fileLinkTime) / SECOND));
  expect(links.findTenant(path, token)).toBe(tenantId);
  clock.time = Number(expiry) * SECOND;
  expect(links.findTenant(path, token)).toBe(tenantId);
  clock.time = Number(expiry) * SECOND + 1;
  expect(links.findTenant(path, token)).toBeUndefined();
});

test("one path has one link, however it is encoded", () => {
  const { links } = open();
  const signed = partsOf(links.sign(MASTER_TENANT_ID, "/v1/files/b%C3%A1o%20c%61o.txt"));
  expect(signed.path).toBe("/v1/files/b%C3%A1o%20cao.txt");
  expect(links.findTenant("/v1/files/báo cao.txt", signed.token)).toBe(MASTER_TENANT_ID);
});

test("a path that cannot be decoded has a link that opens nothing", () => {
  const { links } = open();
  const { path, token } = partsOf(links.sign(MASTER_TENANT_ID, "/v1/files/%E0%A4"));
  expect(path).toBe("/v1/files/%E0%A4");
  expect(links.findTenant(path, token)).toBeUndefined();
});

test("a link to another file, of another tenant, of a later end or of another gateway opens nothing", () => {
  const { links } = open();
  const { token, signature, expiry, tenant } = partsOf(links.sign(MASTER_TENANT_ID, PATH));
  expect(links.findTenant("/v1/files/b.txt", token)).toBeUndefined();
  expect(links.findTenant(PATH, `${signature}.${expiry}.${newId()}`)).toBeUndefined();
  expect(links.findTenant(PATH, `${signature}.${Number(expiry) + 1}.${tenant}`)).toBeUndefined();
  expect(open("t").links.findTenant(PATH, token)).toBeUndefined();
});

test("a text that is no token opens nothing", () => {
  const { links } = open();
  const { signature, expiry } = partsOf(links.sign(MASTER_TENANT_ID, PATH));
  for (const token of ["", "x", `${signature}.${expiry}.${"-".repeat(36)}`, `x.${expiry}.${MASTER_TENANT_ID}`]) {
    expect(links.findTenant(PATH, token)).toBeUndefined();
  }
});
