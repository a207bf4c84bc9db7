import { describe, expect, onTestFinished, test } from "bun:test";
import { createEgress } from "#base/egress/create-egress.ts";
import { anEgress, aServer, kindOf, readBody } from "#testing/egress-fixture.ts";

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])("a %p to a private address is not followed", async (status) => {
    const canary = await aServer();
    const hop = await aServer((_, response) => response.writeHead(status, { location: canary.url }).end());
    const { fetch } = anEgress([`127.0.0.1:${hop.port}`]);
    expect(await kindOf(fetch(hop.url))).toBe("blocked_address");
    expect(canary.requests).toHaveLength(0);
  });

  test.each(["file:///etc/passwd", "http://169.254.169.254/", "http://user:pass@example.com/"])(
    "a redirect to %p is not followed",
    async (location) => {
      const hop = await aServer((_, response) => response.writeHead(302, { location }).end());
      expect(await kindOf(anEgress([`127.0.0.1:${hop.port}`]).fetch(hop.url))).toStartWith("blocked_");
    },
  );

  test.each([301, 302, 303, 307, 308])(
    "a %p to a local model server is not followed, even if that server sends it",
    async (status) => {
      const local = await aServer((request, response) => {
        if (request.url === "/v1/moved") response.writeHead(status, { location: "/v1/there" });
        response.end("reached");
      });
      const site = await aServer((_, response) => response.writeHead(status, { location: `${local.url}/v1/` }).end());
      const egress = createEgress({
        allowHosts: new Set([`127.0.0.1:${site.port}`]),
        allowPrivateProviderUrls: false,
        localProviderBases: [`${local.url}/v1`],
      });
      onTestFinished(() => egress.close());
      const { fetch } = egress.for("local-provider");
      expect(await (await fetch(`${local.url}/v1/`)).text()).toBe("reached");
      expect(await kindOf(fetch(site.url))).toBe("blocked_address");
      expect(await kindOf(fetch(`${local.url}/v1/moved`))).toBe("blocked_address");
      expect(local.requests.map(({ url }) => url)).toEqual(["/v1/", "/v1/moved"]);
    },
  );

  test("a refresh header is not followed", async () => {
    const canary = await aServer();
    const page = await aServer((_, response) =>
      response.writeHead(200, { refresh: `0;url=${canary.url}` }).end("page"),
    );
    const { fetch } = anEgress([`127.0.0.1:${page.port}`]);
    expect(await (await fetch(page.url)).text()).toBe("page");
    expect(canary.requests).toHaveLength(0);
  });

  test("five redirects are followed and the sixth is not", async () => {
    const server = await aServer((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) return response.end("arrived");
      return response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    const response = await fetch(`${server.url}/5`);
    expect([await response.text(), response.url, response.redirected]).toEqual(["arrived", `${server.url}/0`, true]);
    expect([(await fetch(`${server.url}/1`)).redirected, (await fetch(`${server.url}/0`)).redirected]).toEqual([
      true,
      false,
    ]);
    expect(await kindOf(fetch(`${server.url}/6`))).toBe("redirect");
  });

  test("another origin gets no credentials, no custom headers and no body", async () => {
    const other = await aServer();
    const first = await aServer((request, response) =>
      response.writeHead(Number(request.url?.slice(1)), { location: other.url }).end(),
    );
    const { fetch } = anEgress([`127.0.0.1:${first.port}`, `127.0.0.1:${other.port}`]);
    const init = {
      method: "POST",
      body: "secret",
      headers: { authorization: "Bearer secret", cookie: "a=secret", "x-api-key": "secret", accept: "text/plain" },
    };
    await (await fetch(`${first.url}/302`, init)).text();
    expect(await kindOf(fetch(`${first.url}/307`, init))).toBe("redirect");
    expect(other.requests.map(({ method }) => method)).toEqual(["GET"]);
    expect(other.requests[0]?.headers.accept).toBe("text/plain");
    expect(JSON.stringify(other.requests[0]?.headers)).not.toContain("secret");
  });

  test("a 307 within one origin repeats the body", async () => {
    const server = await aServer(async (request, response) => {
      if (request.url === "/") return void response.writeHead(307, { location: "/there" }).end();
      response.end(await readBody(request));
    });
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect(await (await fetch(server.url, { method: "POST", body: "again" })).text()).toBe("again");
  });

  test("the caller may receive a redirect instead of following it, or forbid it", async () => {
    const server = await aServer((_, response) => response.writeHead(302, { location: "/x" }).end());
    const { fetch } = anEgress([`127.0.0.1:${server.port}`]);
    expect((await fetch(server.url, { redirect: "manual" })).headers.get("location")).toBe("/x");
    expect(await kindOf(fetch(server.url, { redirect: "error" }))).toBe("redirect");
  });
});
