import type { AnyOperation } from "#core/operation.ts";
import { gatewayOperations } from "#features/gateway/operations.ts";

/** Everything the gateway can do, one line per feature. */
export const operations: readonly AnyOperation[] = [...gatewayOperations];
