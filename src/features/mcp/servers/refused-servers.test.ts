import { afterAll, expect, test } from "bun:test";
import { startTestGateway } from "#testing/test-gateway.ts";

const SERVERS = "/v1/mcp/servers";
const URL = "https://1.1.1.1/mcp";

const gateway = await startTestGateway();
afterAll(() => gateway.stop());
const { call } = gateway;

test.each([
  [{ transport: "sse" }, 400],
  [{ name: "Bad Name", transport: "sse", url: URL }, 400],
  [{ name: "a", transport: "carrier-pigeon", url: URL }, 400],
  [{ name: "a", transport: "sse" }, 400],
  [{ name: "a", transport: "stdio" }, 400],
  [{ name: "a", transport: "stdio", command: "npx -y server" }, 400],
  [{ name: "a", transport: "stdio", command: "npx", args: "x" }, 400],
  [{ name: "a", transport: "sse", url: "http://169.254.169.254/sse" }, 400],
  [{ name: "a", transport: "sse", url: "http://127.0.0.1:9000/sse" }, 400],
  [{ name: "a", transport: "sse", url: "http://localhost/sse" }, 400],
  [{ name: "a", transport: "sse", url: "file:///etc/passwd" }, 400],
  [{ name: "a", transport: "sse", url: "https://user:secret@1.1.1.1/sse" }, 400],
  [{ name: "a", transport: "sse", url: URL, headers: { "bad name": "x" } }, 400],
  [{ name: "a", transport: "sse", url: URL, headers: { "X-A": "a\r\nb: c" } }, 400],
  [{ name: "a", transport: "sse", url: URL, headers: { Host: "x" } }, 400],
  [{ name: "a", transport: "sse", url: URL, headers: { "X-A": "***" } }, 400],
  [{ name: "a", transport: "sse", url: URL, headers: { "X-A": "env:GOCLAW_GATEWAY_TOKEN" } }, 400],
  [{ name: "a", transport: "stdio", command: "npx", env: { A: "env:DATABASE_URL" } }, 400],
])("a server is refused where it could not work: %p", async (input, status) => {
  expect((await call("POST", SERVERS, input)).status).toBe(status);
  if (!("name" in input) || input.name !== "a") return;
  expect((await call("POST", `${SERVERS}/test`, input)).status).toBe(status);
});

test("a gateway whose operator allows no processes registers none", async () => {
  const gateway = await startTestGateway({ env: { GOCLAW_MCP_STDIO: "off" } });
  const answer = await gateway.call("POST", SERVERS, { name: "local", transport: "stdio", command: "npx" });
  expect([answer.status, answer.body.error.details.reason]).toEqual([409, "mcp_stdio_off"]);
  await gateway.stop();
});
