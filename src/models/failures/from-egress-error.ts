import { EgressError } from "#base/egress/egress-error.ts";
import { isOutOfFiles } from "#models/failures/is-out-of-files.ts";
import type { ModelError, ModelErrorKind } from "#models/language-model.ts";

const KINDS: Readonly<Record<EgressError["kind"], ModelErrorKind>> = {
  blocked_url: "unreachable",
  blocked_address: "unreachable",
  dns: "unreachable",
  connect: "unreachable",
  network: "unreachable",
  redirect: "unreachable",
  aborted: "unreachable",
  timeout: "timeout",
  too_large: "malformed",
};

/**
 * Converts a network failure into a `ModelError`, even if libraries have wrapped it. Returns undefined for other
 * errors.
 */
export function fromEgressError(thrown: unknown): ModelError | undefined {
  const error = findCause(thrown, (cause) => cause instanceof EgressError);
  if (error === undefined) return undefined;
  if (findCause(error, isCertificateError)) return UNTRUSTED;
  const kind = KINDS[error.kind];
  return kind === "unreachable" && isOutOfFiles() ? OUT_OF_FILES : { kind, message: error.message };
}

const OUT_OF_FILES: ModelError = { kind: "out_of_files", message: "this process may open no more files" };
const UNTRUSTED: ModelError = { kind: "untrusted_certificate", message: "the server's certificate is not trusted" };

/** The codes with which TLS refuses a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const CERTIFICATE_CODE = /CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY)|HOSTNAME_MISMATCH/;

const isCertificateError = (error: Error): error is Error & { readonly code: string } =>
  "code" in error && typeof error.code === "string" && CERTIFICATE_CODE.test(error.code);

/** Returns the first error in the cause chain that `is` accepts. Looks at eight levels at most. */
export function findCause<Found extends Error>(
  thrown: unknown,
  is: (error: Error) => error is Found,
): Found | undefined {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof Error; depth++, error = error.cause) {
    if (is(error)) return error;
  }
  return undefined;
}
