import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { bunPath, isInstalled, isReady, markReady } from "./setup.mjs";

let root;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "goclaw-setup-"));
  writeLock({ "node_modules/one": { version: "1.0.0" }, "node_modules/extra": { version: "1.0.0", optional: true } });
});

afterEach(() => rmSync(root, { recursive: true }));

const writeLock = (packages) => writePackages(join(root, "package-lock.json"), packages);
const writeInstalled = (packages) => writePackages(join(root, "node_modules", ".package-lock.json"), packages);

function writePackages(path, packages) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ packages: { "": {}, ...packages } }));
}

function installBun() {
  mkdirSync(dirname(bunPath(root)), { recursive: true });
  writeFileSync(bunPath(root), "");
}

test("a fresh checkout is neither ready nor installed", () => {
  expect([isReady(root), isInstalled(root)]).toEqual([false, false]);
});

test("it is ready once marked, until the lock file changes", () => {
  installBun();
  expect(isReady(root)).toBe(false);
  markReady(root);
  expect(isReady(root)).toBe(true);
  writeLock({ "node_modules/one": { version: "2.0.0" } });
  expect(isReady(root)).toBe(false);
});

test("it is not ready without Bun", () => {
  installBun();
  markReady(root);
  rmSync(bunPath(root));
  expect(isReady(root)).toBe(false);
});

test("a checkout is installed if npm installed every required package in the locked version", () => {
  writeInstalled({ "node_modules/one": { version: "1.0.0" } });
  expect(isInstalled(root)).toBe(true);
  writeInstalled({ "node_modules/one": { version: "0.9.0" } });
  expect(isInstalled(root)).toBe(false);
});
