import { describe, expect, test } from "bun:test";
import { codeIn } from "#features/logins/login-fixture.ts";
import { startTwoNodes } from "#testing/nodes/start-two-nodes.ts";
import { openSocket } from "#testing/sockets/socket-client.ts";
import { testDialects } from "#testing/test-database.ts";

const TIMEOUT = 60_000;

describe.each(testDialects().filter((dialect) => dialect === "postgres"))("two gateways on one %s", () => {
  test(
    "let in one of the browsers with a link, know its cookie, and send it away together",
    async () => {
      const nodes = await startTwoNodes();
      const { first, second } = nodes;
      const aCode = async () => {
        const { url } = (await (await first.call("POST", "/v1/logins/links", {})).json()) as { readonly url: string };
        return codeIn(url);
      };
      const redeem = ({ site }: typeof first, code: string) =>
        fetch(`${site.url}/v1/logins`, {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ code }),
          keepalive: false,
        });
      for (let round = 0; round < 5; round++) {
        const code = await aCode();
        const answers = await Promise.all([redeem(first, code), redeem(second, code), redeem(first, code)]);
        expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401, 401]);
      }
      const created = await redeem(first, await aCode());
      const { login } = (await created.json()) as { readonly login: { readonly id: string } };
      const headers = { Cookie: created.headers.get("set-cookie")?.split(";")[0] ?? "" };
      const current = ({ site }: typeof first) =>
        fetch(`${site.url}/v1/logins/current`, { headers, keepalive: false }).then(({ status }) => status);
      expect([await current(first), await current(second)]).toEqual([200, 200]);
      const browser = await openSocket({ url: second.site.url, token: "" }, { token: null, headers });
      await first.call("DELETE", `/v1/logins/${login.id}`);
      expect(await browser.closed).toMatchObject({ code: 1_008 });
      expect([await current(first), await current(second)]).toEqual([401, 401]);
      await nodes.stop();
    },
    TIMEOUT,
  );
});
