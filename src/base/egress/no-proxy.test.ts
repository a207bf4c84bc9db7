import { expect, test } from "bun:test";
import { createBypass, createDefaultBypass, isNoProxyEntry } from "#base/egress/no-proxy.ts";

test.each([
  [
    "example.com",
    ["http://example.com/", "https://a.b.example.com:8443/", "http://EXAMPLE.com./"],
    ["http://notexample.com/", "http://example.com.evil.test/"],
  ],
  [".example.com", ["http://example.com/", "http://a.example.com/"], ["http://aexample.com/"]],
  ["*.Example.com", ["http://a.example.com/"], ["http://example.org/"]],
  [
    "example.com:8000",
    ["http://example.com:8000/", "http://a.example.com:8000/"],
    ["http://example.com/", "http://example.com:18000/"],
  ],
  ["example.com:443", ["https://example.com/"], ["http://example.com/"]],
  ["bücher.example", ["http://bücher.example/", "http://xn--bcher-kva.example/"], ["http://bucher.example/"]],
  ["localhost", ["http://localhost:11434/", "http://a.localhost/"], ["http://127.0.0.1/"]],
  ["10.1.2.3", ["http://10.1.2.3:8000/"], ["http://10.1.2.30/", "http://10.1.2.3.example/"]],
  ["10.1.2.3:8000", ["http://10.1.2.3:8000/"], ["http://10.1.2.3/"]],
  ["10.0.0.0/8", ["http://10.255.0.1/", "http://0x0a000001/"], ["http://11.0.0.1/", "http://[::1]/"]],
  ["192.168.4.0/22", ["http://192.168.7.255/"], ["http://192.168.8.0/"]],
  ["::1", ["http://[::1]:8000/"], ["http://[::2]/", "http://127.0.0.1/"]],
  ["[::1]:8000", ["http://[::1]:8000/"], ["http://[::1]/"]],
  ["fd00::/8", ["http://[fd12::1]/"], ["http://[fe80::1]/"]],
  ["*", ["http://example.com/", "http://[::1]/", "http://10.0.0.1/"], []],
])("the entry %j stands for exactly its targets", (entry, direct, proxied) => {
  const goesDirect = createBypass(["never.example", entry]);
  for (const url of direct) expect([url, goesDirect(new URL(url))]).toEqual([url, true]);
  for (const url of proxied) expect([url, goesDirect(new URL(url))]).toEqual([url, false]);
  expect(isNoProxyEntry(entry)).toBe(true);
});

test.each([
  "",
  " ",
  "http://example.com",
  "10.0.0.0/33",
  "::/129",
  "10.0.0.0/x",
  "10.0.0.0/8/8",
  "a..b",
  "a b",
  "a:b",
  "300.1.1.1",
  "127.1",
  ":80",
  "a/b",
  "[::1",
])("%j is no entry", (entry) => {
  expect(isNoProxyEntry(entry)).toBe(false);
  expect(createBypass([entry])(new URL("http://example.com/"))).toBe(false);
});

test("without a list, this machine and the allowed hosts are reached directly", () => {
  const policy = { allowHosts: new Set(["models.lan:8000", "[fd00::1]:80"]), allowPrivateProviderUrls: true };
  const goesDirect = createDefaultBypass(policy);
  const isDirect = (url: string) => goesDirect(new URL(url));
  const direct = [
    "http://localhost/",
    "https://127.8.9.1:8443/",
    "http://[::1]/",
    "http://models.lan:8000/v1",
    "http://[fd00::1]/",
  ];
  expect(direct.map(isDirect)).toEqual(direct.map(() => true));
  const proxied = ["http://models.lan/", "http://10.0.0.1/", "https://example.com/", "http://localhost.example/"];
  expect(proxied.map(isDirect)).toEqual(proxied.map(() => false));
});
