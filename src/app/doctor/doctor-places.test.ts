import { expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aSite, aUsedSite, examine } from "#app/doctor/doctor-fixture.ts";

const TIMEOUT = 60_000;
const MAY_WRITE_ANYWHERE = process.getuid?.() === 0;

const removeDatabase = (home: string): void => {
  for (const name of ["goclaw.db", "goclaw.db-wal", "goclaw.db-shm"]) rmSync(join(home, name), { force: true });
};

test(
  "a damaged database is reported, and everything else is still examined",
  async () => {
    const site = await aUsedSite();
    removeDatabase(site.home);
    writeFileSync(join(site.home, "goclaw.db"), randomBytes(8_192));
    const { lines, exitCode } = await examine(site);
    expect(lines.map((line) => line.slice(0, 12).trim()).filter((mark) => mark !== "")).toEqual([
      ...["✓ config", "✓ home", expect.stringMatching(/^[✓!] disk$/), "✓ gateway", "✓ sandbox", "✗ database"],
      ...["✓ network", "✓ network", expect.stringMatching(/^1 problem/)],
    ]);
    expect(lines.join("\n")).toContain("(SQLITE_NOTADB): it is damaged; restore a backup of it");
    expect(exitCode).toBe(1);
  },
  TIMEOUT,
);

test(
  "a database that cannot be opened is reported",
  async () => {
    const site = await aUsedSite();
    removeDatabase(site.home);
    mkdirSync(join(site.home, "goclaw.db"));
    const { lines, exitCode } = await examine(site);
    expect(lines).toContain("✗ database   it cannot be used");
    expect(lines.join("\n")).toContain("(SQLITE_CANTOPEN): make it and its directory writable for this user.");
    expect(exitCode).toBe(1);
  },
  TIMEOUT,
);

test(
  "a token that a start would refuse is reported, and not shown",
  async () => {
    const site = await aUsedSite();
    const { lines } = await examine(site, { GOCLAW_HOST: "0.0.0.0", GOCLAW_GATEWAY_TOKEN: "hunter2" });
    expect(lines).toContain("✗ gateway    it cannot start with this home");
    expect(lines.join("\n")).toContain("The gateway token has fewer than 16 characters");
    expect(lines.join("\n")).not.toContain("hunter2");
  },
  TIMEOUT,
);

test(
  "an unusable lock file is not mistaken for a running gateway",
  async () => {
    const site = await aUsedSite();
    rmSync(join(site.home, "lock.db"));
    mkdirSync(join(site.home, "lock.db"));
    const { lines } = await examine(site);
    expect(lines).toContain("✗ gateway    it cannot start with this home");
    expect(lines.join("\n")).toContain("cannot be locked: check that its lock.db is writable, or delete it.");
  },
  TIMEOUT,
);

test("a home that is a file, or lies inside one, is reported as unusable", async () => {
  const site = await aSite();
  const file = join(site.home, "file");
  writeFileSync(file, "");
  for (const home of [file, join(file, "home")]) {
    const { lines, exitCode } = await examine(site, { GOCLAW_HOME: home });
    expect(lines).toEqual([
      "✓ config     config.json and the environment are understood",
      "✗ home       it cannot be used",
      expect.stringContaining(`→ The home directory ${home} cannot be used (ENOTDIR): make it a directory that`),
      "",
      "1 problem, 0 warnings.",
    ]);
    expect(exitCode).toBe(1);
  }
});

test.skipIf(MAY_WRITE_ANYWHERE)("a home that this user may not write to is reported as unusable", async () => {
  const site = await aSite();
  const closed = join(site.home, "closed");
  mkdirSync(closed, { mode: 0o555 });
  for (const home of [closed, join(closed, "home")]) {
    const { lines, exitCode } = await examine(site, { GOCLAW_HOME: home });
    expect(lines.join("\n")).toContain(`→ The home directory ${home} cannot be used (EACCES): `);
    expect(exitCode).toBe(1);
  }
});

test.skipIf(MAY_WRITE_ANYWHERE)(
  "the database of a read-only home is reported as unusable",
  async () => {
    const site = await aUsedSite();
    for (const name of ["goclaw.db-wal", "goclaw.db-shm", "lock.db"]) rmSync(join(site.home, name), { force: true });
    chmodSync(join(site.home, "goclaw.db"), 0o444);
    chmodSync(site.home, 0o555);
    const { lines, exitCode } = await examine(site);
    chmodSync(site.home, 0o755);
    expect(lines.join("\n")).toMatch(
      /✗ database.*\n.*\(SQLITE_READONLY_DIRECTORY\): make it and its directory writable/,
    );
    expect(exitCode).toBe(1);
  },
  TIMEOUT,
);
