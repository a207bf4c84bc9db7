import { z } from "zod";
import { AppError } from "#base/errors.ts";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import type { OperationName } from "#core/tags.ts";
import { ABSENT_FAMILIES, type AbsentAccess, type AbsentFamily } from "#features/absent/families.ts";
import { defineFeature } from "#features/define-feature.ts";

// Safe: each family is a group of `TAGS`, which a test checks.
const nameOf = ({ name }: AbsentFamily, method: string) => `${name}.${method}` as OperationName;

const toRead = (family: AbsentFamily, method: string, answer: object) =>
  defineOperation({
    name: nameOf(family, method),
    access: ACCESS.read,
    summary: `Read ${family.feature}`,
    description: "There are none, because the gateway does not have them yet.",
    input: z.object({}),
    output: z.looseObject({}),
    run: async () => ({ ...answer }),
  });

const toRefusal = (family: AbsentFamily, method: string, access: AbsentAccess) =>
  defineOperation({
    name: nameOf(family, method),
    access: ACCESS[access],
    summary: `Change ${family.feature}`,
    description: "Refused, because the gateway does not have them yet.",
    input: z.object({}),
    output: z.looseObject({}),
    errors: ["UNAVAILABLE"],
    run: async () => {
      const options = { reason: "not_implemented", retryable: false, retryAfterMs: 0 };
      throw new AppError("UNAVAILABLE", "error.not_built", { feature: family.feature }, options);
    },
  });

/**
 * The families of protocol v3 that this gateway does not have yet. Their reading methods tell a dashboard that there is
 * nothing. All others are refused.
 */
export const absentFeature = defineFeature({
  name: "absent",
  operations: ABSENT_FAMILIES.flatMap((family) => [
    ...Object.entries(family.reads).map(([method, answer]) => toRead(family, method, answer)),
    ...Object.entries(family.refused).map(([method, access]) => toRefusal(family, method, access)),
  ]),
});
