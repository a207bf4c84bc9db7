import { describe, expect, test } from "bun:test";
import { EgressError } from "#base/egress/egress-error.ts";
import { checkUrl, type EgressPolicy, type EgressPurpose } from "#base/egress/egress-policy.ts";

const CLOSED: EgressPolicy = { allowHosts: new Set(), allowPrivateProviderUrls: false };
const PRIVATE: EgressPolicy = { allowHosts: new Set(), allowPrivateProviderUrls: true };
const LOCAL: EgressPolicy = { ...CLOSED, localProviderBases: ["http://localhost:11434/v1", "http://[::1]:11434/v1"] };
const LISTED: EgressPolicy = {
  allowHosts: new Set(["localhost:8080", "127.0.0.1:9000", "[::1]:9000", "mcp.internal:443", "169.254.169.254:80"]),
  allowPrivateProviderUrls: false,
};

function outcome(policy: EgressPolicy, url: string, purpose: EgressPurpose = "web"): string {
  try {
    checkUrl(policy, purpose, url);
    return "allowed";
  } catch (error) {
    return error instanceof EgressError ? error.kind : "another error";
  }
}

describe("URLs", () => {
  test.each([
    ...["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "data:text/plain,x", "blob:http://a/b"],
    ...[
      "ws://example.com/",
      "unix:/run/x.sock",
      "jar:http://a!/b",
      "javascript:alert(1)",
      "about:blank",
      "",
      "nonsense",
    ],
    ...[
      "/relative",
      "http://",
      "http://user@example.com/",
      "http://user:pass@example.com/",
      "http://:pass@example.com/",
    ],
    ...["http://example.com:99999/", `http://example.com/${"a".repeat(9_000)}`, "http://exa mple.com/"],
  ])("%p is refused as a URL", (url) => expect(outcome(CLOSED, url)).toBe("blocked_url"));

  test.each([
    ...["http://127.0.0.1/", "http://127.1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/"],
    ...["http://127.0.0.1./", "http://[::1]/", "http://[::]/", "http://0.0.0.0/", "http://0/", "http://127。0。0。1/"],
    ...["http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/"],
    ...["http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2001::1]/", "http://[fd00:ec2::254]/"],
    ...["http://localhost/", "http://localhost./", "http://LOCALHOST/", "http://a.localhost/", "http://ⓛocalhost/"],
    ...["http://printer.local/", "http://db.internal/", "http://db.internal./", "http://metadata.google.internal/"],
    ...["https://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://router.home.arpa/"],
  ])("%p is refused", (url) => expect(outcome(CLOSED, url)).toBe("blocked_address"));

  test.each([
    ...["http://example.com/", "HTTPS://EXAMPLE.COM", "http://1.1.1.1/", "https://[2606:4700:4700::1111]/"],
    ...["http://example.com./", "http://notlocalhost.com/", "http://localhost.example.com/", "http://internal.com/"],
  ])("%p is accepted", (url) => expect(outcome(CLOSED, url)).toBe("allowed"));
});

describe("ports other than 80 and 443", () => {
  const OTHER: readonly string[] = ["http://example.com:8080/", "https://example.com:8443/", "http://1.1.1.1:22/"];
  test.each([...OTHER, "http://[2606:4700:4700::1111]:5432/", "http://example.com:0/"])(
    "%p is refused for the web",
    (url) => expect(outcome(CLOSED, url)).toBe("blocked_address"),
  );

  test.each(["http://example.com:80/", "http://example.com:443/", "https://example.com:80/", "https://1.1.1.1:00443/"])(
    "%p is a usual port",
    (url) => expect(outcome(CLOSED, url)).toBe("allowed"),
  );

  test("are open to providers, and to the web where the operator allows host and port", () => {
    const listed = { ...CLOSED, allowHosts: new Set(["example.com:8080", "1.1.1.1:22"]) };
    for (const url of OTHER) expect(outcome(CLOSED, url, "provider")).toBe("allowed");
    expect(OTHER.map((url) => outcome(listed, url))).toEqual(["allowed", "blocked_address", "allowed"]);
    expect(outcome(listed, "http://example.com:8081/")).toBe("blocked_address");
    expect(outcome(listed, "http://www.example.com:8080/")).toBe("blocked_address");
  });
});

describe("the base of a local model server", () => {
  test.each([
    ...["http://localhost:11434/v1", "http://localhost:11434/v1/", "http://LOCALHOST:11434/v1/models?limit=1"],
    ...["http://[::1]:11434/v1/chat/completions", "http://[0:0:0:0:0:0:0:1]:11434/v1"],
  ])("%p is open only to local providers", (url) => {
    expect(outcome(LOCAL, url, "local-provider")).toBe("allowed");
    for (const purpose of ["provider", "web"] as const) expect(outcome(LOCAL, url, purpose)).toBe("blocked_address");
    expect(outcome(CLOSED, url, "local-provider")).toBe("blocked_address");
  });

  test.each([
    ...["http://localhost:11434/", "http://localhost:11434/api/pull", "http://localhost:11434/v1/../api/pull"],
    ...["http://localhost:11434/v1/%2e%2e/api/pull", "http://localhost:11434/v1x", "http://localhost:11434/?/v1/"],
    ...["http://localhost:1143/v1/", "https://localhost:11434/v1/", "http://localhost.:11434/v1/"],
    ...["http://127.0.0.1:11434/v1/", "http://10.0.0.1:11434/v1/", "http://169.254.169.254/v1/"],
  ])("%p is outside the base", (url) => expect(outcome(LOCAL, url, "local-provider")).toBe("blocked_address"));

  test("a local provider may also reach the public internet and all that the operator allows", () => {
    expect(outcome(LOCAL, "https://example.com/v1", "local-provider")).toBe("allowed");
    expect(outcome(LISTED, "http://localhost:8080/api", "local-provider")).toBe("allowed");
    expect(outcome(PRIVATE, "http://10.0.0.5/api", "local-provider")).toBe("allowed");
  });
});

describe("targets that the operator allows", () => {
  test.each(["http://localhost:8080/", "http://LOCALHOST:8080/", "http://127.0.0.1:9000/", "https://mcp.internal/"])(
    "%p is accepted",
    (url) => expect(outcome(LISTED, url)).toBe("allowed"),
  );
  test.each([
    ...["http://localhost/", "http://localhost:8081/", "http://localhost.:8080/", "http://127.0.0.2:9000/"],
    ...["http://a.localhost:8080/", "http://[::ffff:127.0.0.1]:9000/", "http://169.254.169.254/"],
  ])("%p is not listed", (url) => expect(outcome(LISTED, url)).toBe("blocked_address"));

  test.each(["http://localhost:11434/v1", "http://10.0.0.5/", "http://[fd00::1]/"])(
    "%p is open only to providers if private provider URLs are allowed",
    (url) => {
      expect(outcome(PRIVATE, url, "provider")).toBe("allowed");
      expect(outcome(PRIVATE, url, "web")).toBe("blocked_address");
    },
  );
  test.each([
    ...["http://169.254.169.254/", "http://metadata.google.internal/", "http://[fd00:ec2::254]/"],
    ...["http://100.100.100.200/", "http://168.63.129.16/", "http://[::ffff:169.254.169.254]/"],
  ])("%p stays closed to providers", (url) => expect(outcome(PRIVATE, url, "provider")).toBe("blocked_address"));
});

describe("a collector of spans", () => {
  const COLLECTING: EgressPolicy = { ...PRIVATE, collector: "localhost:4318" };

  test("may be private, and is the only private address that spans go to", () => {
    expect(outcome(COLLECTING, "http://localhost:4318/v1/traces", "telemetry")).toBe("allowed");
    for (const url of ["http://localhost:4319/", "http://127.0.0.1:4318/", "http://10.0.0.5/"])
      expect(outcome(COLLECTING, url, "telemetry")).toBe("blocked_address");
    const metadata = { ...COLLECTING, collector: "169.254.169.254:80" };
    expect(outcome(metadata, "http://169.254.169.254/", "telemetry")).toBe("blocked_address");
  });

  test("opens nothing for other purposes", () => {
    const closed = { ...CLOSED, collector: "localhost:4318" };
    expect(outcome(closed, "http://localhost:4318/", "web")).toBe("blocked_address");
    expect(outcome(closed, "http://localhost:4318/", "provider")).toBe("blocked_address");
  });
});
