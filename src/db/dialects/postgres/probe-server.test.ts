import { expect, test } from "bun:test";
import { probeServer } from "#db/dialects/postgres/probe-server.ts";
import { createTestDatabase, testDialects } from "#testing/test-database.ts";

test.if(testDialects().includes("postgres"))("a stall of this process is no silence of the server", async () => {
  const { url = "", drop } = await createTestDatabase("postgres");
  const probing = probeServer(url, []);
  await Bun.sleep(1);
  const end = performance.now() + 1_500;
  while (performance.now() < end);
  expect(await probing).toMatchObject({ isSilent: false });
  await drop();
});

test("a server that cannot be reached is silent", async () => {
  expect(await probeServer("postgres://nobody@127.0.0.1:1/none", [])).toEqual({ isSilent: true });
});
