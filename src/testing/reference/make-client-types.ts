import { join } from "node:path";
import { createOperations } from "#app/create-operations.ts";
import { toClientTypes } from "#contract/client/to-client-types.ts";

/** The module with the types of the client. */
export const CLIENT_TYPES = join(import.meta.dir, "../../client/generated/operations.ts");

export const makeClientTypes = (): string => toClientTypes(createOperations({ docs_auth: false }));
