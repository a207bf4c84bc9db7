import { afterAll, describe, expect, test } from "bun:test";
import { startChatGateway } from "#testing/chat-fixture.ts";
import { anAllowedSite, createNames, SINKS, startForbiddenServer } from "#testing/egress-sink-fixture.ts";

/** Starts a site that redirects to the URL in `to`, or `times` times to itself before it returns a page. */
const aRedirectingSite = () =>
  anAllowedSite(({ url = "/" }, response) => {
    const { searchParams } = new URL(url, "http://site");
    const remaining = Number(searchParams.get("times") ?? 0);
    const target = searchParams.get("to") ?? (remaining > 0 ? `/?times=${remaining - 1}` : undefined);
    if (target !== undefined) response.writeHead(302, { location: target }).end();
    else response.writeHead(200, { "content-type": "text/plain" }).end("arrived");
  });

const REFUSED: readonly string[] = [
  ...["http://127.0.0.1:PORT", "http://localhost:PORT", "http://localhost.:PORT", "http://[::1]:PORT"],
  ...["http://0.0.0.0:PORT", "http://[::]:PORT", "http://127.1:PORT", "http://2130706433:PORT", "http://0x7f.1:PORT"],
  ...["http://0177.0.0.1:PORT", "http://10.0.0.1", "http://172.16.0.1", "http://192.168.0.1", "http://169.254.1.1"],
  ...["http://100.64.0.1", "http://[fc00::1]", "http://[fe80::1]", "http://224.0.0.1", "http://255.255.255.255"],
  ...["http://[::ffff:127.0.0.1]:PORT", "http://[::ffff:7f00:1]:PORT", "http://[::127.0.0.1]:PORT"],
  ...["http://[64:ff9b::7f00:1]:PORT", "http://[64:ff9b:1::7f00:1]:PORT", "http://[2002:7f00:1::]:PORT"],
  ...["http://[2001:0:7f00:1::]:PORT", "http://[2001:db8:0:0:0:5efe:7f00:1]:PORT"],
  ...["http://169.254.169.254/latest/meta-data", "http://metadata.google.internal", "http://[fd00:ec2::254]"],
  ...["http://100.100.100.200", "http://168.63.129.16", "http://metadata.test"],
  ...["http://private.test", "http://loopback.test:PORT", "http://mixed.test:PORT", "http://mapped.test:PORT"],
  ...["http://allowed.test.evil.test:PORT", "http://evil-allowed.test:PORT", "http://sub.allowed.test:PORT"],
  ...["http://allowed.test.:PORT", "http://allowed.test:1", "http://printer.local", "http://db.internal"],
  ...["http://user:pass@127.0.0.1:PORT", "file:///etc/passwd", "ftp://127.0.0.1:PORT", "gopher://127.0.0.1:PORT"],
  ...["blob:http://127.0.0.1:PORT/1", "ws://127.0.0.1:PORT", "unix:/run/docker.sock", "jar:http://127.0.0.1:PORT!/a"],
  ...["javascript:alert(1)", "about:blank", "//127.0.0.1:PORT", "http://"],
  ...["data:text/plain,secret", "http://localhost:11434", "http://127.0.0.1:11434/v1", "http://[::1]:11434/v1/"],
];

const REDIRECT_TARGETS: readonly string[] = [
  ...["http://127.0.0.1:PORT", "http://localhost:PORT", "//127.0.0.1:PORT/", "http://[::1]:PORT", "http://127.1:PORT"],
  ...["http://[::ffff:127.0.0.1]:PORT", "http://loopback.test:PORT", "http://mixed.test:PORT", "http://private.test"],
  ...["http://169.254.169.254/latest/meta-data", "http://sub.allowed.test:PORT", "http://user:pass@127.0.0.1:PORT"],
  ...["file:///etc/passwd", "ftp://127.0.0.1:PORT", "javascript:alert(1)", "data:text/plain,secret"],
];

describe("URLs that the gateway calls", async () => {
  const canary = await startForbiddenServer();
  const site = await aRedirectingSite();
  const allowHosts = [canary, site].map(({ port }) => `allowed.test:${port}`);
  const { resolve } = createNames();
  const gateway = await startChatGateway({ resolve, allowHosts });
  afterAll(async () => {
    await gateway.stop();
    canary.stop();
    site.stop();
  });
  const withPort = (url: string) => url.replace("PORT", String(canary.port));

  describe.each([...SINKS])("as $name", ({ send }) => {
    test.each([...REFUSED])("never include %p", async (url) => {
      const { isRefused, words } = await send(gateway, withPort(url));
      expect([url, isRefused]).toEqual([url, true]);
      expect(words).not.toContain("127.0.0.1");
      expect(canary.state.hits).toBe(0);
    });

    test("get the same refusal for open, closed and silent ports, names and addresses", async () => {
      const urls = [
        ...[withPort("http://127.0.0.1:PORT"), "http://127.0.0.1:1", "http://10.0.0.5", "http://private.test"],
        ...[withPort("http://loopback.test:PORT"), "http://loopback.test:1", "http://metadata.test"],
      ];
      const refusals = new Set<string>();
      for (const url of urls) refusals.add(JSON.stringify((await send(gateway, url)).whole));
      expect(refusals.size).toBe(1);
      // None was dialled, so response times do not reveal a difference either.
      expect(canary.state.hits).toBe(0);
    });
  });

  const settings = SINKS.filter(({ name }) => /base/.test(name));
  test.each(settings)("get the same refusal for every cause, as $name", async ({ send }) => {
    const refusals = await Promise.all(REFUSED.map((url) => send(gateway, withPort(url))));
    expect(new Set(refusals.map(({ whole }) => JSON.stringify(whole))).size).toBe(1);
  });

  const followers = SINKS.filter(({ name }) => /image|page/.test(name));
  describe.each(followers)("as $name, from an allowed host", ({ send }) => {
    test.each([...REDIRECT_TARGETS])("never include a redirect to %p", async (target) => {
      const { isRefused, words } = await send(gateway, `${site.url}?to=${encodeURIComponent(withPort(target))}`);
      expect([target, isRefused]).toEqual([target, true]);
      expect(words).not.toMatch(/127\.0\.0\.1|secret/);
      expect(canary.state.hits).toBe(0);
    });
  });

  test("may redirect three times and no more, as a page that an agent fetches", async () => {
    const send = SINKS.find(({ name }) => name.includes("page"))?.send;
    expect(await send?.(gateway, `${site.url}?times=3`)).toMatchObject({
      isRefused: false,
      words: expect.stringContaining("arrived"),
    });
    expect(await send?.(gateway, `${site.url}?times=4`)).toMatchObject({
      isRefused: true,
      words: "The page could not be fetched: it redirects more than 3 times.",
    });
  });
});
