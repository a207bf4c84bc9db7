import type { Config } from "#app/config/schema.ts";
import { operations } from "#app/operations.ts";
import { VERSION } from "#app/version.ts";
import { createDocsOperations } from "#contract/docs-operations.ts";
import { toOpenApi } from "#contract/to-openapi.ts";
import type { AnyOperation } from "#core/operation.ts";

/** Everything the gateway serves: its features, and the documentation of all of it. */
export function createOperations({ docs_auth }: Pick<Config["gateway"], "docs_auth">): readonly AnyOperation[] {
  const all: AnyOperation[] = [...operations];
  all.push(...createDocsOperations({ document: () => toOpenApi(all, VERSION), isPublic: !docs_auth }));
  return all;
}
