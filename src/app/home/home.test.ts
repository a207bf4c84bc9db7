import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHome, renewToken } from "#app/home/home.ts";
import { homePath } from "#app/home/home-path.ts";
import { StartError } from "#app/start-error.ts";

let parent: string;
let path: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "goclaw-home-"));
  path = join(parent, "home");
});

afterEach(() => rmSync(parent, { recursive: true }));

const open = () => openHome({ GOCLAW_HOME: path });
const modeOf = (name: string) => (statSync(join(path, name)).mode & 0o777).toString(8);
const snapshot = () =>
  readdirSync(path, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => [name, statSync(join(path, name)).mtimeMs]);

test("a first start creates a private home with new secrets", () => {
  const home = open();
  expect(home).toMatchObject({ path, isNew: true, tokenIsNew: true });
  expect(home.token.reveal()).toMatch(/^[0-9a-f]{64}$/);
  expect(home.encryptionKey.reveal()).toMatch(/^[0-9a-f]{64}$/);
  expect(["", "secrets", "workspace", "media", "cache", "skills"].map(modeOf)).toEqual(Array(6).fill("700"));
  expect(["secrets/gateway-token", "secrets/encryption-key", "node-id", "config.json"].map(modeOf)).toEqual(
    Array(4).fill("600"),
  );
});

test("opening it again changes nothing", () => {
  const first = open();
  const before = snapshot();
  const second = open();
  expect(second).toMatchObject({ isNew: false, tokenIsNew: false, nodeId: first.nodeId });
  expect(second.token.reveal()).toBe(first.token.reveal());
  expect(snapshot()).toEqual(before);
});

test("an empty directory becomes private, and a directory in use keeps its mode", () => {
  mkdirSync(path, { mode: 0o755 });
  open();
  expect(modeOf("")).toBe("700");
  chmodSync(path, 0o755);
  open();
  expect(modeOf("")).toBe("755");
});

test("secrets that other users can read become private again", () => {
  open();
  chmodSync(join(path, "secrets"), 0o755);
  chmodSync(join(path, "secrets/gateway-token"), 0o644);
  open();
  expect(["secrets", "secrets/gateway-token"].map(modeOf)).toEqual(["700", "600"]);
});

test("a damaged encryption key is reported, never replaced", () => {
  open();
  writeFileSync(join(path, "secrets/encryption-key"), "oops");
  expect(open).toThrow(StartError);
  expect(readFileSync(join(path, "secrets/encryption-key"), "utf8")).toBe("oops");
});

test("a home that cannot be created is refused with a message that names it", () => {
  writeFileSync(join(parent, "file"), "");
  const inFile = join(parent, "file", "home");
  expect(() => openHome({ GOCLAW_HOME: inFile })).toThrow(
    `The home directory ${inFile} cannot be used (ENOTDIR): make it a directory that this user may write to, or set GOCLAW_HOME to another.`,
  );
});

test("the next start uses a renewed token", () => {
  const home = open();
  const renewed = renewToken(home).reveal();
  expect(renewed).not.toBe(home.token.reveal());
  expect(open().token.reveal()).toBe(renewed);
  expect(modeOf("secrets/gateway-token")).toBe("600");
});

test("the home is ~/.goclaw unless GOCLAW_HOME says otherwise", () => {
  expect(homePath({ HOME: "/home/ana" })).toBe("/home/ana/.goclaw");
  expect(homePath({ HOME: "/home/ana", GOCLAW_HOME: "~/gateway" })).toBe("/home/ana/gateway");
  expect(homePath({ HOME: "/home/ana", GOCLAW_HOME: "/srv/goclaw" })).toBe("/srv/goclaw");
});
