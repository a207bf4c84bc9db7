import type { Answer, CallOptions, TestGateway } from "#testing/test-gateway.ts";

/** A browser that is signed in. */
export interface SignedIn {
  readonly answer: Answer;
  readonly id: string;
  /** The header `Cookie` that it sends. */
  readonly cookie: string;
  /** The options of a call that only its cookie authenticates. */
  readonly caller: CallOptions & { readonly headers: Readonly<Record<string, string>> };
}

/** Returns the code in a link. */
export const codeIn = (url: string): string => /\/#sign-in=([0-9a-f]{32})$/.exec(url)?.[1] ?? "no code";

/** Makes a link as a caller. Returns its code. */
export async function aLoginCode({ call }: TestGateway, caller: CallOptions = {}): Promise<string> {
  return codeIn((await call("POST", "/v1/logins/links", {}, caller)).body.url);
}

/** Signs a browser in. `input` is by default the code of a link that the test's usual caller made. */
export async function signIn(
  gateway: TestGateway,
  input?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<SignedIn> {
  const body = input ?? { code: await aLoginCode(gateway) };
  const answer = await gateway.call("POST", "/v1/logins", body, { bearer: null, user: null, headers });
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  return {
    answer,
    id: answer.body?.login?.id,
    cookie,
    caller: { bearer: null, user: null, headers: { Cookie: cookie } },
  };
}
