import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { getDelegation, listDelegations } from "#features/delegation/records/repository.ts";
import {
  DelegationList,
  DelegationPath,
  DelegationRecord,
  ListDelegationsInput,
} from "#features/delegation/records/schema.ts";

export const delegationOperations = [
  defineOperation({
    name: "delegations.list",
    http: { method: "GET", path: "/v1/delegations" },
    access: ACCESS.read,
    summary: "List the tasks that agents handed to each other, newest first",
    description: "Administrators see all of the tenant, other callers those of their own runs.",
    input: ListDelegationsInput,
    output: DelegationList,
    run: listDelegations,
  }),
  defineOperation({
    name: "delegations.get",
    http: { method: "GET", path: "/v1/delegations/{id}" },
    access: ACCESS.read,
    summary: "Read a task that an agent handed to another",
    description: "With the whole task and its result.",
    input: DelegationPath,
    output: DelegationRecord,
    run: getDelegation,
  }),
];
