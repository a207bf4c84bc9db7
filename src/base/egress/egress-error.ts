export type EgressErrorKind =
  | "blocked_url"
  | "blocked_address"
  | "dns"
  | "connect"
  | "timeout"
  | "too_large"
  | "redirect"
  | "aborted"
  | "network";

/** One message per kind. No message names a target, because a refusal must not reveal whether a port is open. */
const MESSAGES: Readonly<Record<EgressErrorKind, string>> = {
  blocked_url: "this URL is not allowed",
  blocked_address: "this address is not allowed",
  dns: "the host name could not be resolved",
  connect: "the connection could not be opened",
  timeout: "the server took too long",
  too_large: "the answer is too large",
  redirect: "the redirect was not followed",
  aborted: "the request was aborted",
  network: "the connection failed",
};

/** A request that was refused or failed. `status` is the server's HTTP status if that status is the failure. */
export class EgressError extends Error {
  override readonly name: string;
  readonly kind: EgressErrorKind;
  readonly status: number | undefined;

  constructor(kind: EgressErrorKind, options: { readonly cause?: unknown; readonly status?: number } = {}) {
    super(
      options.status === undefined ? MESSAGES[kind] : `the server answered ${options.status}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    // Libraries that use egress as their `fetch` recognize an abort by this name.
    this.name = kind === "aborted" ? "AbortError" : "EgressError";
    this.kind = kind;
    this.status = options.status;
  }
}
