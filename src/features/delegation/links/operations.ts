import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { DELETED, Deleted, listOf } from "#core/wire.ts";
import { agentLinkCreated, agentLinkDeleted, agentLinkUpdated } from "#features/delegation/events.ts";
import { createLink, deleteLink, updateLink } from "#features/delegation/links/change-links.ts";
import { listLinks } from "#features/delegation/links/repository.ts";
import * as schema from "#features/delegation/links/schema.ts";

const PATH = "/v1/agent-links";

export const linkOperations = [
  defineOperation({
    name: "agents.links.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "List which agents may hand tasks to which",
    description: "All links of the tenant, or those of one agent.",
    input: schema.ListLinksInput,
    output: listOf("links", schema.AgentLink),
    run: async (ctx, input) => ({ links: await listLinks(ctx, input) }),
  }),
  defineOperation({
    name: "agents.links.create",
    http: { method: "POST", path: PATH, status: 201 },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Let an agent hand tasks to another",
    description: "The agent has the tool `delegate` from its next turn on.",
    input: schema.CreateLinkInput,
    output: schema.AgentLink,
    errors: ["ALREADY_EXISTS", "FAILED_PRECONDITION"],
    audit: agentLinkCreated,
    example: {
      input: { source_agent: "front-desk", target_agent: "accounting", description: "Questions about bills" },
    },
    run: createLink,
  }),
  defineOperation({
    name: "agents.links.update",
    http: { method: "PUT", path: `${PATH}/{id}` },
    access: ACCESS.administer,
    summary: "Change or switch off a link between agents",
    description: "Fields that are left out keep their values. Tasks that are out go on.",
    input: schema.UpdateLinkInput,
    output: schema.AgentLink,
    audit: agentLinkUpdated,
    example: { input: { status: "disabled" } },
    run: updateLink,
  }),
  defineOperation({
    name: "agents.links.delete",
    http: { method: "DELETE", path: `${PATH}/{id}` },
    access: ACCESS.administer,
    summary: "Delete a link between agents",
    description: "Tasks that are out go on.",
    input: schema.LinkPath,
    output: Deleted,
    audit: agentLinkDeleted,
    example: { output: DELETED },
    run: deleteLink,
  }),
];
