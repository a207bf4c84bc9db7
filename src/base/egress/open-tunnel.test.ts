import { expect, onTestFinished, test } from "bun:test";
import http from "node:http";
import { type AddressInfo, connect } from "node:net";
import { anEgress, aServer, kindOf } from "#testing/egress-fixture.ts";

/** Starts a proxy that tunnels or refuses, and records the CONNECT requests it receives. */
async function aProxy(answer: "tunnel" | "refuse" = "tunnel") {
  const connectRequests: { readonly target: string; readonly credentials: string | undefined }[] = [];
  const server = http.createServer((_, response) => response.end());
  server.on("connect", (request, socket) => {
    const target = request.url ?? "";
    connectRequests.push({ target, credentials: request.headers["proxy-authorization"] });
    if (answer === "refuse") return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const { hostname, port } = new URL(`http://${target}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("error", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { connectRequests, url: new URL(`http://ada:p%40ss@127.0.0.1:${port}`) };
}

test("requests go through the proxy to the address that was checked, with the proxy's credentials", async () => {
  const target = await aServer((request, response) => response.end(`host ${request.headers.host}`));
  const proxy = await aProxy();
  const name = `models.test:${target.port}`;
  const egress = anEgress([name], { proxy: proxy.url, noProxy: [], resolve: async () => ["127.0.0.1"] });

  for (let times = 0; times < 2; times++) {
    const answer = await egress.fetch(`http://${name}/v1`, { method: "POST", body: "x" });
    expect(await answer.text()).toBe(`host ${name}`);
  }
  const credentials = `Basic ${btoa("ada:p@ss")}`;
  expect(proxy.connectRequests).toEqual(Array(2).fill({ target: `127.0.0.1:${target.port}`, credentials }));
  expect(target.requests[0]?.headers["proxy-authorization"]).toBeUndefined();
});

test("the proxy receives no request for a forbidden address", async () => {
  const target = await aServer();
  const proxy = await aProxy();
  const egress = anEgress([], { proxy: proxy.url, resolve: async () => ["127.0.0.1"] });
  expect(await kindOf(egress.fetch(target.url))).toBe("blocked_address");
  expect(await kindOf(egress.fetch("http://rebound.test/"))).toBe("blocked_address");
  expect([proxy.connectRequests.length, target.requests.length]).toEqual([0, 0]);
});

test("a proxy that refuses or is unreachable is reported as a failed connection", async () => {
  const target = await aServer();
  const allowed = [`127.0.0.1:${target.port}`];
  const { url } = await aProxy("refuse");
  expect(await kindOf(anEgress(allowed, { proxy: url, noProxy: [] }).fetch(target.url))).toBe("connect");
  const unreachable = new URL("http://127.0.0.1:1");
  expect(await kindOf(anEgress(allowed, { proxy: unreachable, noProxy: [] }).fetch(target.url))).toBe("connect");
});

test("a target that is to be reached directly is, at every redirect too, and the others go through the proxy", async () => {
  const proxy = await aProxy();
  const target = await aServer((_, response) => response.end("reached"));
  const names = [`near.test:${target.port}`, `far.test:${target.port}`];
  const start = await aServer((request, response) => {
    response.writeHead(302, { location: `http://${request.url?.slice(1)}/` }).end();
  });
  const allowed = [...names, `127.0.0.1:${start.port}`];
  const resolve = async () => ["127.0.0.1"];
  const reach = async (noProxy: readonly string[] | undefined) => {
    proxy.connectRequests.length = 0;
    const egress = anEgress(allowed, { proxy: proxy.url, noProxy, resolve });
    for (const name of names) expect(await (await egress.fetch(`${start.url}/${name}`)).text()).toBe("reached");
    return proxy.connectRequests.map(({ target: place }) => place);
  };
  expect(await reach(undefined)).toEqual([]);
  expect(await reach(["near.test", "127.0.0.1"])).toEqual([`127.0.0.1:${target.port}`]);
  expect(await reach([])).toHaveLength(4);
  expect(await reach(["*"])).toEqual([]);
});

test.each([
  ["http://1.1.1.1/", "1.1.1.1:80"],
  ["https://1.1.1.1/", "1.1.1.1:443"],
  ["https://[2606:4700::1111]/", "[2606:4700::1111]:443"],
  ["http://name.test/", "1.0.0.1:80"],
])("for %s the proxy is asked for %s", async (url, target) => {
  const proxy = await aProxy("refuse");
  const { fetch } = anEgress([], { proxy: proxy.url, noProxy: [], resolve: async () => ["1.0.0.1"] });
  expect(await kindOf(fetch(url))).toBe("connect");
  expect(proxy.connectRequests.map((request) => request.target)).toEqual([target]);
});
