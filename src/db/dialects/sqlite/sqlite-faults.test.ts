import { Database as BunDatabase } from "bun:sqlite";
import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, copyFileSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { startFaultyGateway } from "#testing/database-faults.ts";
import { runGoclaw } from "#testing/run-goclaw.ts";
import { createServerSite, startReadyServer } from "#testing/server-process.ts";

const TIMEOUT = 60_000;

describe("a SQLite file that", async () => {
  const gateway = await startFaultyGateway("sqlite");
  const { call } = gateway;
  afterAll(() => gateway.stop());
  const file = join(gateway.home, "goclaw.db");
  let names = 0;
  const create = () => call("POST", "/v1/providers", { name: `p-${++names}`, provider_type: "groq", api_key: "sk" });
  const readyAs = async (status: number) => {
    for (;;) {
      const answer = await call("GET", "/ready");
      if (answer.status === status) return answer;
      await Bun.sleep(20);
    }
  };

  test("another program has locked answers reads meanwhile, and refuses writes in the end", async () => {
    const lock = gateway.faultOf("a foreign lock");
    await lock.begin();
    const order: string[] = [];
    const writing = create().finally(() => order.push("write"));
    for (let reads = 0; reads < 20; reads++) {
      expect((await call("GET", "/v1/providers")).status).toBe(200);
      order.push("read");
    }
    expect(await writing).toMatchObject({ status: 503, body: { error: { code: "UNAVAILABLE" } } });
    expect(order).toEqual([...Array(20).fill("read"), "write"]);
    await readyAs(503);
    await lock.end();
    await readyAs(200);
    expect((await create()).status).toBe(201);
  });

  test("is on a full disk makes the gateway unready, and nothing else, until there is space", async () => {
    const disk = gateway.faultOf("a full disk");
    await disk.begin();
    const answers: number[] = [];
    for (let writes = 0; writes < 200 && !answers.includes(503); writes++) answers.push((await create()).status);
    expect(answers).toContain(503);
    expect((await call("GET", "/v1/providers")).status).toBe(200);
    await disk.end();
    await readyAs(200);
    expect((await create()).status).toBe(201);
  });

  test.each(["moved", "replaced"])("is %s is noticed, and said in words", async (what) => {
    const aside = `${file}.aside`;
    if (what === "replaced") copyFileSync(file, `${file}.other`);
    renameSync(file, aside);
    if (what === "replaced") renameSync(`${file}.other`, file);
    const { body } = await readyAs(503);
    expect(body.error).toMatchObject({ code: "UNAVAILABLE", details: { reason: "database" } });
    expect(body.error.message).toContain("moved, deleted or replaced");
    expect((await create()).status).toBe(503);
    rmSync(file, { force: true });
    renameSync(aside, file);
    await readyAs(200);
    expect((await create()).status).toBe(201);
  });
});

test(
  "damaged pages are unavailable and not the caller's fault, and the doctor finds them",
  async () => {
    const site = await createServerSite("sqlite");
    try {
      const first = await startReadyServer(site);
      const headers = { Authorization: `Bearer ${site.token()}`, "Content-Type": "application/json" };
      const body = JSON.stringify({ name: "k", scopes: ["read"] });
      expect((await fetch(`${site.url}/v1/api-keys`, { method: "POST", headers, body })).status).toBe(201);
      first.signal("SIGTERM");
      await first.exited;
      damageTable(join(site.home, "goclaw.db"), "api_keys");
      const server = await startReadyServer(site);
      const response = await fetch(`${site.url}/v1/api-keys`, { headers });
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([response.status, error.code]).toEqual([503, "UNAVAILABLE"]);
      expect(error.message).toContain("goclaw doctor");
      server.signal("SIGTERM");
      await server.exited;
      const doctor = await runGoclaw(site.home, ["doctor"]);
      expect(doctor.exitCode).toBe(1);
      expect(doctor.stdout).toMatch(/✗ database .*damaged/);
      expect(doctor.stdout).toContain("goclaw restore");
    } finally {
      await site.remove();
    }
  },
  TIMEOUT,
);

function damageTable(path: string, table: string): void {
  const database = new BunDatabase(path);
  const { page_size: size } = database.query("PRAGMA page_size").get() as { page_size: number };
  const { rootpage } = database.query("select rootpage from sqlite_schema where name = ?").get(table) as {
    rootpage: number;
  };
  database.close();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(size, 0xff), 0, size, (rootpage - 1) * size);
  closeSync(file);
}
