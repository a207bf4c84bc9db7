import { z } from "zod";
import { ROLES } from "#core/access/access.ts";
import type { AnyOperation, HttpRoute } from "#core/operation.ts";

/**
 * Throws if the gateway may not serve the list of operations. Each operation needs an access rule, a unique name,
 * unique routes, and an input with its path parameters. Each POST needs `runsOnce`. Only reads have `keptUntil`.
 */
export function assertOperations(operations: readonly AnyOperation[]): void {
  const problems = [
    ...operations.flatMap(problemsOf),
    ...repeated(operations.map(({ name }) => name)).map((name) => `the name ${name} is used twice`),
    ...repeated(operations.flatMap(routesOf).map(describeRoute)).map((route) => `${route} is served twice`),
  ];
  if (problems.length > 0) throw new Error(`the operations cannot be served: ${problems.join("; ")}`);
}

/** Returns the HTTP routes of an operation, aliases included. An operation without HTTP has none. */
export const routesOf = ({ http }: AnyOperation): readonly HttpRoute[] =>
  http ? [{ method: http.method, path: http.path }, ...(http.aliases ?? [])] : [];

/** Returns the names of the `{parameters}` of a path. */
export const pathParameters = (path: string): readonly string[] =>
  [...path.matchAll(/\{(\w+)(?:\.\.\.)?\}/g)].map((match) => match[1] ?? "");

const AccessRuleShape = z.union([
  z.literal("public"),
  z.object({
    role: z.enum(ROLES),
    scope: z.enum(["read", "write", "admin"]),
    tenant: z.enum(["scoped", "master", "system"]),
    rate: z.enum(["standard", "run", "none"]),
  }),
]);

function problemsOf(operation: AnyOperation): readonly string[] {
  const unknown = routesOf(operation)
    .flatMap(({ path }) => pathParameters(path))
    .filter((name) => !(name in operation.input.shape));
  return [
    ...(AccessRuleShape.safeParse(operation.access).success ? [] : [`${operation.name} has no complete access rule`]),
    ...unknown.map((name) => `${operation.name} does not know its path parameter ${name}`),
    ...(operation.http?.method === "POST" && !operation.runsOnce
      ? [`${operation.name} is a POST without runsOnce`]
      : []),
    ...(operation.keptUntil && (operation.audit || operation.http?.method !== "GET")
      ? [`${operation.name} keeps answers, but is no read`]
      : []),
  ];
}

const describeRoute = ({ method, path }: HttpRoute) => `${method} ${path.replaceAll(/\{\w+/g, "{")}`;

const repeated = (texts: readonly string[]) => texts.filter((text, index) => texts.indexOf(text) !== index);
