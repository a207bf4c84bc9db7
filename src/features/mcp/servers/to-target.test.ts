import { expect, test } from "bun:test";
import { MASTER_TENANT_ID } from "#base/ids.ts";
import { Secret } from "#base/secret.ts";
import { SecretBox } from "#base/secret-box.ts";
import { userCredentialRow } from "#features/mcp/credentials/repository.ts";
import type { McpSettings } from "#features/mcp/mcp-settings.ts";
import { NO_CREDENTIALS, sealCredentials } from "#features/mcp/seal-credentials.ts";
import { toTarget } from "#features/mcp/servers/to-target.ts";
import { withUserCredentials } from "#features/mcp/tools/with-user-credentials.ts";
import type { McpTarget } from "#mcp/index.ts";

const server = {
  id: "s",
  tenantId: MASTER_TENANT_ID,
  command: "npx",
  args: ["-y", "a server"],
  url: "https://mcp.test/",
};
const settings: McpSettings = {
  stdio: "master",
  environment: { LANG: "vi_VN.UTF-8", TZ: undefined },
  directoryOf: (tenantId, id) => `/home/${tenantId}/${id}`,
};
const toSecrets = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, new Secret(value)]));
const given = {
  apiKey: new Secret("key"),
  headers: toSecrets({ "X-Lang": "env:LANG" }),
  env: toSecrets({ LOCALE: "env:LANG", ZONE: "env:TZ", PLAIN: "{{7*7}} $HOME" }),
};

const revealed = (values: Readonly<Record<string, Secret>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.reveal()]));
const givenTo = (target: McpTarget) => revealed(target.transport === "stdio" ? target.environment : target.headers);

test("a process gets its variables as they are, except references to harmless ones of the gateway", () => {
  const target = toTarget({ ...server, transport: "stdio" }, given, settings);
  expect(givenTo(target)).toEqual({
    ...{ API_KEY: "key", LOCALE: "vi_VN.UTF-8", ZONE: "" },
    PLAIN: "{{7*7}} $HOME",
  });
  expect(target).toMatchObject({ command: "npx", args: ["-y", "a server"], directory: `/home/${MASTER_TENANT_ID}/s` });
});

test("a server over HTTP gets its key as a bearer token, unless a header says otherwise", () => {
  const open = (headers: Readonly<Record<string, string>>) =>
    givenTo(toTarget({ ...server, transport: "sse" }, { ...given, headers: toSecrets(headers) }, settings));
  expect(open({ "X-Lang": "env:LANG" })).toEqual({ Authorization: "Bearer key", "X-Lang": "vi_VN.UTF-8" });
  expect(open({ Authorization: "Basic eA==" })).toEqual({ Authorization: "Basic eA==" });
});

test("a process is not started where the operator allows none", () => {
  const start = () => toTarget({ ...server, transport: "stdio" }, given, { ...settings, stdio: "off" });
  expect(start).toThrow("starts no processes");
});

test("a user's credentials replace those of the server, and set no variable that it does not have", () => {
  const box = new SecretBox([new Secret("k".repeat(32))]);
  const place = { server_id: "s", user_id: "ada", tenant_id: MASTER_TENANT_ID };
  const sent = { api_key: "own", env: { PLAIN: "own", LD_PRELOAD: "/tmp/evil.so" } };
  const { columns } = sealCredentials(sent, NO_CREDENTIALS, userCredentialRow(place), box);
  const own = withUserCredentials(given, { ...place, ...columns, updated_at: "" }, box);
  expect(own.apiKey.reveal()).toBe("own");
  expect(revealed(own.env)).toEqual({ LOCALE: "env:LANG", ZONE: "env:TZ", PLAIN: "own" });
});
