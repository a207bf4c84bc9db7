import { afterAll, expect, test } from "bun:test";
import { createEgress } from "#base/egress/create-egress.ts";
import { Secret } from "#base/secret.ts";
import { createLanguageModel } from "#models/create-language-model.ts";
import { collect, WIRES } from "#testing/model-fixture.ts";

/** A certificate that nobody signed, for `localhost`. It protects nothing. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUeYJw0cmR0WY/KW10ahVWCdpw47swCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE3MTkwMFoYDzIxMjYxMTAy
MTcxOTAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARgcaomrpagLtnie5Hu6kvsySGi3n6X20tHNNy8t6LHO9WiQAFmNP1E
irVe2ejjrZdw4hHlrG0JWWNBwIhkoCk0o1MwUTAdBgNVHQ4EFgQUx8LlyBYv1qtL
EulnKajwGwI0NHswHwYDVR0jBBgwFoAUx8LlyBYv1qtLEulnKajwGwI0NHswDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAh5smEk47pQKGHUXdd1gO
NlKPdEC9NCVvh9nH3U8cy6sCIQCTDcFGSTdz362FhdvFfhNH2T4fDkzvqeRGxMgT
PknFsw==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/Ztm2K73EoQwgaM3
6UAwHSWPCZ0HbEQQ3WZFMuL22xuhRANCAARgcaomrpagLtnie5Hu6kvsySGi3n6X
20tHNNy8t6LHO9WiQAFmNP1EirVe2ejjrZdw4hHlrG0JWWNBwIhkoCk0
-----END PRIVATE KEY-----`;

const server = Bun.serve({ port: 0, tls: { cert: CERTIFICATE, key: KEY }, fetch: () => new Response("never sent") });
const host = `localhost:${server.port}`;
const egress = createEgress({ allowHosts: new Set([host]), allowPrivateProviderUrls: false });
afterAll(async () => {
  egress.close();
  await server.stop(true);
});

test.each(WIRES)("a certificate that is not trusted has a kind of its own over the $wire format", async (wire) => {
  const { providerType } = wire;
  const options = { providerType, apiBase: `https://${host}/v1`, apiKey: new Secret("sk-test") };
  const events = await collect(createLanguageModel({ ...options, egress: egress.for("provider") }));
  expect(events).toMatchObject([{ type: "error", error: { kind: "untrusted_certificate" } }]);
});
