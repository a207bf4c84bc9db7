import { afterAll, expect, test } from "bun:test";
import { codeIn, signIn } from "#features/logins/login-fixture.ts";
import { startCliGateway } from "#testing/cli-fixture.ts";
import { startTestGateway } from "#testing/test-gateway.ts";

const gateway = await startCliGateway();
const { goclaw, url } = gateway;
afterAll(() => gateway.stop());

test("the dashboard is opened by a link, which signs in the person at the command line", async () => {
  const { stdout, stderr, exitCode } = await goclaw(["dashboard"]);
  expect(stdout).toMatch(new RegExp(`^${url}/#sign-in=[0-9a-f]{32}\n$`));
  expect([exitCode, stderr]).toEqual([0, "Open it in your browser. It works once, for 10 minutes.\n"]);
  const { answer } = await signIn(gateway, { code: codeIn(stdout.trim()) });
  expect(answer.body.caller).toMatchObject({ user_id: "ada", role: "admin" });
});

test("a script gets the link alone, or as JSON", async () => {
  expect((await goclaw(["dashboard", "-q"])).stderr).toBe("");
  expect(JSON.parse((await goclaw(["dashboard", "--json"])).stdout)).toEqual({
    url: expect.stringMatching(/#sign-in=[0-9a-f]{32}$/),
    expires_at: expect.any(String),
  });
});

test("where nobody has to sign in, it is the plain address", async () => {
  const open = await startTestGateway({ env: { GOCLAW_GATEWAY_AUTH: "none" } });
  const env = { GOCLAW_URL: open.url, GOCLAW_TOKEN: "" };
  expect(await goclaw(["dashboard"], { env })).toEqual({ stdout: `${open.url}/\n`, stderr: "", exitCode: 0 });
  await open.stop();
});

test("a wrong token is explained", async () => {
  const { stdout, exitCode } = await goclaw(["dashboard"], { env: { GOCLAW_TOKEN: "wrong" } });
  expect(stdout).toBe("");
  expect(exitCode).not.toBe(0);
});
