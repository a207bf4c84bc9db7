import { afterAll, expect, test } from "bun:test";
import { startTestGateway } from "#testing/test-gateway.ts";

type Route = readonly [method: string, path: string];

/** Every route of the reference. */
const ROUTES: readonly Route[] = [
  ["GET", "/health"],
  ["GET", "/docs"],
  ["GET", "/docs/openapi.json"],
  ["GET", "/v1/agents"],
  ["POST", "/v1/agents"],
  ["GET", "/v1/agents/{id}"],
  ["PUT", "/v1/agents/{id}"],
  ["DELETE", "/v1/agents/{id}"],
  ["POST", "/v1/agents/{id}/wake"],
  ["POST", "/v1/agents/{id}/regenerate"],
  ["POST", "/v1/agents/{id}/resummon"],
  ["GET", "/v1/agents/{id}/instances"],
  ["GET", "/v1/agents/{id}/instances/{userID}/files"],
  ["PUT", "/v1/agents/{id}/instances/{userID}/files/{fileName}"],
  ["GET", "/v1/agents/{id}/sharing"],
  ["POST", "/v1/agents/{id}/sharing"],
  ["DELETE", "/v1/agents/{id}/sharing/{userID}"],
  ["GET", "/v1/sessions"],
  ["GET", "/v1/providers"],
  ["POST", "/v1/providers"],
  ["GET", "/v1/providers/{id}"],
  ["PUT", "/v1/providers/{id}"],
  ["DELETE", "/v1/providers/{id}"],
  ["GET", "/v1/tools/custom"],
  ["POST", "/v1/tools/custom"],
  ["GET", "/v1/tools/custom/{id}"],
  ["PUT", "/v1/tools/custom/{id}"],
  ["DELETE", "/v1/tools/custom/{id}"],
  ["POST", "/v1/tools/invoke"],
  ["GET", "/v1/mcp/servers"],
  ["POST", "/v1/mcp/servers"],
  ["GET", "/v1/mcp/servers/{id}"],
  ["PUT", "/v1/mcp/servers/{id}"],
  ["DELETE", "/v1/mcp/servers/{id}"],
  ["POST", "/v1/mcp/servers/{id}/grants/agent"],
  ["DELETE", "/v1/mcp/servers/{id}/grants/agent/{agentID}"],
  ["GET", "/v1/mcp/grants/agent/{agentID}"],
  ["POST", "/v1/mcp/servers/{id}/grants/user"],
  ["DELETE", "/v1/mcp/servers/{id}/grants/user/{userID}"],
  ["POST", "/v1/mcp/requests"],
  ["GET", "/v1/mcp/requests"],
  ["POST", "/v1/mcp/requests/{id}/review"],
  ["GET", "/v1/channel-instances"],
  ["POST", "/v1/channel-instances"],
  ["GET", "/v1/channel-instances/{id}"],
  ["PUT", "/v1/channel-instances/{id}"],
  ["DELETE", "/v1/channel-instances/{id}"],
  ["GET", "/v1/skills"],
  ["POST", "/v1/skills/upload"],
  ["GET", "/v1/skills/{id}"],
  ["PUT", "/v1/skills/{id}"],
  ["DELETE", "/v1/skills/{id}"],
  ["POST", "/v1/skills/{id}/toggle"],
  ["GET", "/v1/skills/{id}/versions"],
  ["GET", "/v1/skills/{id}/files"],
  ["POST", "/v1/skills/{id}/grants/agent"],
  ["DELETE", "/v1/skills/{id}/grants/agent/{agentID}"],
  ["GET", "/v1/agents/{agentID}/skills"],
  ["GET", "/v1/files"],
  ["GET", "/v1/files/{path...}"],
  ["DELETE", "/v1/storage/{path...}"],
  ["POST", "/v1/media/upload"],
  ["GET", "/v1/media/{id}"],
  ["GET", "/v1/usage"],
  ["GET", "/v1/usage/summary"],
  ["GET", "/v1/traces"],
  ["GET", "/v1/traces/{id}"],
  ["GET", "/v1/activity"],
  ["GET", "/v1/api-keys"],
  ["POST", "/v1/api-keys"],
  ["DELETE", "/v1/api-keys/{id}"],
  ["GET", "/v1/delegations"],
  ["GET", "/v1/delegations/{id}"],
  ["GET", "/v1/memory"],
  ["POST", "/v1/memory"],
  ["DELETE", "/v1/memory/{id}"],
  ["POST", "/v1/chat/completions"],
  ["POST", "/v1/responses"],
];

/** Other paths under which its clients know some of them. */
const ALIASES: readonly Route[] = [
  ["GET", "/docs/"],
  ["GET", "/v1/openapi.json"],
  ["GET", "/v1/agents/{id}/shares"],
  ["POST", "/v1/agents/{id}/shares"],
  ["DELETE", "/v1/agents/{id}/shares/{userID}"],
  ["GET", "/v1/channels/instances"],
  ["POST", "/v1/channels/instances"],
  ["GET", "/v1/channels/instances/{id}"],
  ["PUT", "/v1/channels/instances/{id}"],
  ["DELETE", "/v1/channels/instances/{id}"],
  ["POST", "/v1/skills/{id}/grants/agents"],
  ["DELETE", "/v1/skills/{id}/grants/agents/{agentID}"],
  ["GET", "/v1/storage/files"],
  ["DELETE", "/v1/storage/files/{path...}"],
  ["POST", "/v1/api-keys/{id}/revoke"],
];

const { call, stop } = await startTestGateway();
afterAll(stop);
const withoutNames = (path: string) => path.replace(/\{[^}]+\}/g, "{}");

test("the server knows every route of the reference", async () => {
  expect((await call("GET", "/v1/no-such-route", undefined, { bearer: null })).status).toBe(404);
  const missing: string[] = [];
  for (const [method, path] of [...ROUTES, ...ALIASES]) {
    const url = path.replace(/\{[^}]+\}/g, "x");
    const { status } = await call(method, url, undefined, { bearer: null });
    if (status === 404 || status === 405) missing.push(`${method} ${path}`);
  }
  expect(missing).toEqual([]);
});

test("its OpenAPI document has them, each under its main path", async () => {
  const { paths } = (await call("GET", "/docs/openapi.json")).body;
  const documented = new Set(
    Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${withoutNames(path)}`),
    ),
  );
  const missing = ROUTES.filter(([method, path]) => !documented.has(`${method} ${withoutNames(path)}`));
  expect(missing.map(([method, path]) => `${method} ${path}`)).toEqual([]);
});
