import { describe, expect, test } from "bun:test";
import { createScrubber } from "#base/scrub-credentials.ts";
import { Secret } from "#base/secret.ts";

const scrub = (text: string, secrets: readonly string[] = []) =>
  createScrubber({ usesPatterns: true, secrets: [] }).scrub(
    text,
    secrets.map((value) => new Secret(value)),
  );

const A36 = "aB3".repeat(12);

describe("credentials in the results of tools", () => {
  test.each([
    ["sk-abcdefghijklmnopqrst"],
    ["sk-ant-api03-abcdefghijklmnop"],
    [`ghp_${A36}`],
    [`gho_${A36}`],
    ...["ghu_", "ghs_", "ghr_", "r8_", "npm_", "xai-", "pplx-", "nvapi-", "tvly-", "fw_"].map((name) => [
      `${name}${A36}`,
    ]),
    ...["ASIA", "AIDA", "AROA"].map((name) => [`${name}IOSFODNN7EXAMPLE`]),
    [`rk_test_${A36}`],
    [`github_pat_${A36}`],
    ["AKIAIOSFODNN7EXAMPLE"],
    [`AIzaSyA-_${A36}`],
    [`ya29.a0Af_-${A36}`],
    ["xoxb-1234567890-abcdefghijkl"],
    ["xoxe.xoxp-1-abcdefghijkl"],
    ["xapp-1-A0123-4567-abcdef"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"],
    [`hf_${A36}`],
    [`gsk_${A36}`],
    [`glpat-${A36}`],
    [`sk_live_${A36}`],
    [`goclaw_${"0f".repeat(16)}`],
    ["0123456789abcdef".repeat(4)],
    ["postgres://app:hunter2@db.example/app"],
    ["mongodb+srv://u:p%40ss@cluster0.example.net/test?retryWrites=true"],
  ])("%s is removed", (credential) => {
    expect(scrub(`a ${credential} b`)).toBe("a [REDACTED] b");
  });

  test.each([
    ["api_key: 12345678abc", "api_key: [REDACTED]"],
    ['{"password":"hunter2hunter2"}', '{"password":"[REDACTED]"}'],
    ["Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [REDACTED]"],
    ["curl -H 'bearer abcdefgh12345678'", "curl -H 'bearer [REDACTED]'"],
    ['{"apiKey":"hunter2hunter2"}', '{"apiKey":"[REDACTED]"}'],
    ["x-goog-api-key=hunter2hunter2&a=b", "x-goog-api-key=[REDACTED]"],
    [JSON.stringify('{"apiKey": "hunter2hunter2"}'), JSON.stringify('{"apiKey": "[REDACTED]"}')],
    ["Incorrect API key provided: hunter2hunter2", "Incorrect API key provided: [REDACTED]"],
    ["aws_secret_access_key = hunter2hunter2", "aws_secret_access_key = [REDACTED]"],
    ["MY_SERVICE_KEY=abcdefgh", "MY_SERVICE_KEY=[REDACTED]"],
    ['export CLIENT_SECRET="abcdefgh"', 'export CLIENT_SECRET="[REDACTED]"'],
    ["DATABASE_URL=sqlite:/var/lib/x.db", "DATABASE_URL=[REDACTED]"],
    ["SENTRY_DSN=https://x.example/1", "SENTRY_DSN=[REDACTED]"],
    [
      "token := eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
      "token := [REDACTED]",
    ],
  ])("the value of %s is removed and its name stays", (text, clean) => {
    expect(scrub(text)).toBe(clean);
  });

  test("a private key is removed completely, even if its end is missing", () => {
    const begin = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n";
    expect(scrub(`a\n${begin}-----END RSA PRIVATE KEY-----\nb ${begin}c`)).toBe("a\n[REDACTED]\nb [REDACTED]");
  });

  test.each([
    ["cat: /etc/passwd: Permission denied"],
    ["the token is here, and a secret: ask"],
    ["const token = settings.api.token;"],
    ["password: z.string().min(8)"],
    ["token = getSessionToken()"],
    ['{"session_key":"agent:default:http-ada-12345678","tokens":12345678}'],
    ["https://example.com/a:b@c and postgres://localhost/db"],
    ["AIza is Google's, ya29. too, eyJhbGciOiJIUzI1NiJ9 alone is a header, api key: none"],
    ["sk-short and 0123456789abcdef0123456789abcdef"],
  ])("%s is unchanged", (text) => {
    expect(scrub(text)).toBe(text);
  });

  test("a known value is removed in every encoding, even if patterns are off", () => {
    const value = 'a"known/value+here';
    const encodings = [
      value,
      encodeURIComponent(value),
      JSON.stringify(value).slice(1, -1),
      Buffer.from(value).toString("base64"),
      Buffer.from(value).toString("base64url"),
    ];
    const plain = createScrubber({ usesPatterns: false, secrets: [new Secret(value), new Secret("short")] });
    for (const encoding of encodings) expect(plain.scrub(`x ${encoding} y`, [])).toMatch(/^x \[REDACTED\]=* y$/);
    expect(plain.scrub("short sk-abcdefghijklmnopqrst", [])).toBe("short sk-abcdefghijklmnopqrst");
    expect(scrub("tenant-secret-1", ["tenant-secret-1"])).toBe("[REDACTED]");
  });

  const MEGABYTE = 1_000_000;
  test.each([
    "a",
    "A_",
    "sk-",
    "token=",
    "token: ",
    "bearer ",
    "authorization",
    "password=a ",
    "x://:",
    "a://b:c",
    "postgres://",
    "-----BEGIN RSA PRIVATE KEY-----",
    "KEY",
    "A KEY=",
    "0123456789abcdef",
    "\n",
    " ",
    '"',
    "eyJ.",
    "eyJ-",
    "eyJaaaaaaaa.",
    "AIza",
    "ya29.",
    "xoxb-",
    "xoxb.",
    "api key ",
    "api key: \\\\",
  ])("a megabyte of %j is processed in linear time", (piece) => {
    const text = piece.repeat(MEGABYTE / piece.length);
    expect(typeof scrub(text)).toBe("string");
    expect(typeof scrub(`token = ${text}(`)).toBe("string");
  });
});
