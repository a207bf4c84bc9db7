import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { createNames, OPENAI, SINKS } from "#testing/egress-sink-fixture.ts";

/** The metadata services of clouds, which give machines their credentials. */
const METADATA: readonly string[] = [
  ...["http://169.254.169.254", "http://169.254.169.254/latest/meta-data", "http://[::ffff:169.254.169.254]"],
  ...["http://2852039166", "http://0xa9.0xfe.0xa9.0xfe", "http://169.254.170.2", "http://100.100.100.200"],
  ...["http://168.63.129.16", "http://192.0.0.192", "http://[fd00:ec2::254]", "http://[fd20:ce::254]"],
  ...["http://metadata.google.internal", "http://metadata.google.internal.", "http://METADATA.GOOG"],
  ...["http://instance-data.ec2.internal", "http://metadata.test"],
];

const LISTED = METADATA.map((text) => new URL(text).hostname).map((host) => `${host}:80`);

describe("a gateway that may call private addresses", async () => {
  const gateway = await startChatGateway({
    resolve: createNames().resolve,
    allowHosts: LISTED,
    env: { GOCLAW_ALLOW_PRIVATE_PROVIDER_URLS: "1" },
  });
  afterAll(() => gateway.stop());

  describe.each([...SINKS])("as $name", ({ send }) => {
    test.each([...METADATA])("never calls %p", async (url) => {
      const { isRefused, words } = await send(gateway, url);
      expect([url, isRefused]).toEqual([url, true]);
      expect(words).toMatch(/not allowed|may (?:use|call)/);
    });
  });

  test("accepts private addresses for providers only", async () => {
    for (const api_base of ["http://10.0.0.1/v1", "http://127.0.0.1:11434/v1", "http://private.test/v1"]) {
      const settings = { embedding: { enabled: true, api_base } };
      const provider = { ...OPENAI, name: "private", api_base, settings };
      const { status, body } = await gateway.call("POST", "/v1/providers", provider);
      expect([api_base, status]).toEqual([api_base, 201]);
      await gateway.call("DELETE", `/v1/providers/${body.id}`);
      for (const { name, send } of SINKS.filter((sink) => !/base/.test(sink.name))) {
        expect([name, (await send(gateway, api_base)).isRefused]).toEqual([name, true]);
      }
    }
  });
});
