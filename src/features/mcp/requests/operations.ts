import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { listOf } from "#core/wire.ts";
import { requestCreated, requestReviewed } from "#features/mcp/events.ts";
import { createRequest } from "#features/mcp/requests/create-request.ts";
import { listRequests } from "#features/mcp/requests/repository.ts";
import { reviewRequest } from "#features/mcp/requests/review-request.ts";
import * as schema from "#features/mcp/requests/schema.ts";

const PATH = "/v1/mcp/requests";

export const requestOperations = [
  defineOperation({
    name: "mcp.requests.create",
    http: { method: "POST", path: PATH, status: 201 },
    runsOnce: true,
    access: ACCESS.read,
    summary: "Ask for access to a server",
    description:
      "For oneself, or for an agent that one may use; administrators also ask for others. An open request for the same is answered again.",
    input: schema.CreateMcpRequestInput,
    output: schema.McpRequest,
    errors: ["NOT_FOUND"],
    audit: requestCreated,
    example: { input: { server_id: "01900000-0000-7000-8000-000000000033", scope: "user", reason: "for the docs" } },
    run: createRequest,
  }),
  defineOperation({
    name: "mcp.requests.list",
    http: { method: "GET", path: PATH },
    access: ACCESS.read,
    summary: "List requests for access, the oldest first",
    description: "At most 1,000. Administrators see all of the tenant, others their own.",
    input: schema.ListMcpRequestsInput,
    output: listOf("requests", schema.McpRequest),
    run: async (ctx, input) => ({ requests: await listRequests(ctx, input) }),
  }),
  defineOperation({
    name: "mcp.requests.review",
    http: { method: "POST", path: `${PATH}/{id}/review` },
    runsOnce: true,
    access: ACCESS.administer,
    summary: "Approve or reject a request for access",
    description: "For administrators. An approval is a grant at once. A request is reviewed only once.",
    input: schema.ReviewMcpRequestInput,
    output: schema.Reviewed,
    errors: ["FAILED_PRECONDITION"],
    audit: requestReviewed,
    example: { input: { approved: true, note: "welcome" }, output: { status: "approved" } },
    run: reviewRequest,
  }),
];
