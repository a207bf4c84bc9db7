import { defineMethod, toSnakeCase } from "#core/live/rpc-method.ts";
import type { AgentLink } from "#features/delegation/links/schema.ts";
import type { DelegationRecord } from "#features/delegation/records/schema.ts";

/** The most characters of a result that a list shows, and that one record shows. */
const LISTED_CHARS = 500;
const SHOWN_CHARS = 8_000;

const cut = (record: DelegationRecord, chars: number): DelegationRecord =>
  record.result === undefined ? record : { ...record, result: record.result.slice(0, chars) };

export const delegationMethods = [
  defineMethod<{ readonly links: readonly AgentLink[] }>({
    name: "agents.links.list",
    operation: "agents.links.list",
    toPayload: ({ links }) => ({ links, count: links.length }),
  }),
  defineMethod<AgentLink>({
    name: "agents.links.create",
    operation: "agents.links.create",
    toInput: toSnakeCase,
    toPayload: (link) => ({ link }),
  }),
  defineMethod({
    name: "agents.links.update",
    operation: "agents.links.update",
    toInput: ({ linkId, ...params }) => ({ ...toSnakeCase(params), id: linkId ?? params.id }),
    toPayload: () => ({ ok: true }),
  }),
  defineMethod({
    name: "agents.links.delete",
    operation: "agents.links.delete",
    toInput: ({ linkId, id }) => ({ id: linkId ?? id }),
    toPayload: () => ({ ok: true }),
  }),
  defineMethod<{ readonly records: readonly DelegationRecord[] }>({
    name: "delegations.list",
    operation: "delegations.list",
    toPayload: ({ records, ...page }) => ({ records: records.map((record) => cut(record, LISTED_CHARS)), ...page }),
  }),
  defineMethod<DelegationRecord>({
    name: "delegations.get",
    operation: "delegations.get",
    toPayload: (record) => cut(record, SHOWN_CHARS),
  }),
];
