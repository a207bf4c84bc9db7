import { features } from "#app/features.ts";
import type { AnyOperation } from "#core/operation.ts";

/** Everything that the gateway can do. */
export const operations: readonly AnyOperation[] = features.flatMap((feature) => feature.operations);
