import { describe, expect, test } from "bun:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Validator } from "@seriousme/openapi-schema-validator";
import { z } from "zod";
import { createOperations } from "#app/create-operations.ts";
import { toOpenApi } from "#contract/to-openapi.ts";
import { ACCESS } from "#core/access/access.ts";
import { routesOf } from "#core/assert-operations.ts";
import { type AnyOperation, defineOperation } from "#core/operation.ts";
import { TAGS } from "#core/tags.ts";
import { FormFile } from "#core/uploads/uploaded-file.ts";

const operations = createOperations({ docs_auth: false });
// biome-ignore lint/suspicious/noExplicitAny: the tests read the document by path, as a client does.
const write = (list: readonly AnyOperation[]): any => toOpenApi(list, "1.2.3");
const document = write(operations);
const methods = ["get", "post", "put", "patch", "delete"];

const anOperation = (overrides: Partial<AnyOperation>): AnyOperation => ({
  ...defineOperation({
    name: "agents.things.create",
    http: { method: "POST", path: "/v1/things" },
    runsOnce: true,
    access: { role: "operator", scope: "write", tenant: "scoped", rate: "run" },
    summary: "Make a thing",
    description: "For tests.",
    input: z.object({}),
    output: z.object({}),
    errors: ["ALREADY_EXISTS"],
    run: async () => ({}),
  }),
  ...overrides,
});

describe("the OpenAPI document of the gateway", () => {
  test("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect([valid, document.openapi.slice(0, 3)]).toEqual([true, "3.1"]);
  });

  test("keeps every rule that Redocly recommends", async () => {
    const config = await createConfig({ extends: ["recommended"] });
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, absoluteRef: "/openapi.json", config });
    expect(problems.map(({ ruleId, message, location }) => [ruleId, location[0]?.pointer, message])).toEqual([]);
  });

  test("has every route of every operation under a unique id, except other spellings with a slash at the end", () => {
    const ids = operations.flatMap((operation) =>
      routesOf(operation).flatMap(({ method, path }, index) => {
        if (path === "/docs/") return [];
        const item = document.paths[path.replace("...}", "}")]?.[method.toLowerCase()];
        expect([operation.name, path, item?.summary]).toEqual([operation.name, path, operation.summary]);
        expect(index === 0 ? item.operationId : item["x-alias-of"]).toBe(operation.name);
        expect(item.security).toEqual(operation.access === "public" ? [] : undefined);
        return [item.operationId];
      }),
    );
    expect(new Set(ids).size).toBe(ids.length);
    const listed = Object.values<object>(document.paths).flatMap((item) =>
      Object.keys(item).filter((key) => methods.includes(key)),
    );
    expect(listed).toHaveLength(ids.length);
  });

  test("describes every tag of its operations once, in their order", () => {
    const used = Object.values<Record<string, { tags: string[] }>>(document.paths).flatMap((item) =>
      methods.flatMap((method) => item[method]?.tags ?? []),
    );
    const listed = document.tags.map(({ name }: { name: string }) => name);
    expect(listed).toEqual([...new Set(used)]);
    const served = Object.values(TAGS).filter(({ name }) => name !== TAGS.config.name);
    expect(listed).toEqual([...new Set(served.map(({ name }) => name))]);
  });

  test("an operation has the header of an agent if it starts a run or takes an agent", () => {
    const headersOf = (overrides: Partial<AnyOperation>) => {
      const { parameters } = write([anOperation(overrides)]).paths["/v1/things"].post;
      return parameters.flatMap(({ $ref }: { $ref?: string }) => ($ref ? [$ref.split("/").at(-1)] : []));
    };
    const plain = ACCESS.write;
    expect(headersOf({})).toEqual(expect.arrayContaining(["UserId", "TenantId", "AgentId", "SessionKey"]));
    expect(headersOf({ access: plain })).not.toContain("AgentId");
    const takesAgent = headersOf({ access: plain, input: z.object({ agent_id: z.string() }) });
    expect([takesAgent.includes("AgentId"), takesAgent.includes("SessionKey")]).toEqual([true, false]);
    expect(headersOf({ access: "public" })).not.toContain("UserId");
  });

  test("no two paths differ only in the names of their parameters", () => {
    const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, "{}"));
    expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).toEqual([]);
  });

  test("every reference resolves and every component is final", () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(100);
    for (const reference of new Set(references)) {
      expect(reference).toStartWith("#/components/");
      const found = reference
        .slice(2)
        .split("/")
        .reduce((part, key) => part?.[key], document);
      expect([reference, typeof found]).toEqual([reference, "object"]);
    }
    expect(text).not.toContain("$defs");
  });

  test("says of every error what it means", () => {
    const descriptions = Object.values<{ description: string }>(document.components.responses).map(
      ({ description }) => description,
    );
    expect(descriptions.length).toBeGreaterThan(10);
    expect(descriptions).not.toContain("An error");
  });

  test("every example of an error fits its schema", () => {
    const responses = Object.values<{ content: Record<string, typeof document> }>(document.components.responses);
    const misfits = responses.flatMap(({ content }) => {
      const { schema, examples } = content["application/json"];
      const reader = z.fromJSONSchema(document.components.schemas[schema.$ref.split("/").at(-1)]);
      return Object.values<{ value: unknown }>(examples).filter(({ value }) => !reader.safeParse(value).success);
    });
    expect(misfits).toEqual([]);
  });

  test("is the same for the same operations", () => {
    expect(JSON.stringify(write(createOperations({ docs_auth: false })))).toBe(JSON.stringify(document));
  });
});

describe("an operation in the document", () => {
  test("a field with a default is optional in requests and required in responses", () => {
    const Thing = z.object({ size: z.int().default(1) }).meta({ id: "Thing" });
    const { schemas } = write([anOperation({ input: z.object({ thing: Thing }), output: Thing })]).components;
    expect([schemas.Thing.required, schemas.ThingInput.required]).toEqual([["size"], undefined]);
    expect(schemas.Thing.properties.size).toEqual({ type: "integer", default: 1 });
  });

  test("objects may gain fields in answers, while maps and closed objects say what else they hold", () => {
    const Closed = z.strictObject({ a: z.string() });
    const Things = z.object({ counts: z.record(z.string(), z.int()), closed: Closed });
    const { post } = write([anOperation({ input: Things, output: Things })]).paths["/v1/things"];
    for (const { content } of [post.requestBody, post.responses["200"]]) {
      const { schema } = content["application/json"];
      expect(schema).not.toHaveProperty("additionalProperties");
      expect(schema.properties.counts.additionalProperties).toMatchObject({ type: "integer" });
      expect(schema.properties.closed.additionalProperties).toBe(false);
    }
  });

  test("a schema differs by direction if a schema that it refers to does", () => {
    const Inner = z.object({ size: z.int().default(1) }).meta({ id: "Inner" });
    const Outer = z.object({ inner: Inner }).meta({ id: "Outer" });
    const { schemas } = write([anOperation({ input: z.object({ outer: Outer }), output: Outer })]).components;
    expect(schemas.OuterInput.properties.inner).toEqual({ $ref: "#/components/schemas/InnerInput" });
    expect(schemas.Outer.properties.inner).toEqual({ $ref: "#/components/schemas/Inner" });
  });

  test("a union says which of its members belongs to a value, if all have ids", () => {
    const A = z.object({ kind: z.enum(["a", "aa"]), size: z.int().default(1) }).meta({ id: "KindA" });
    const B = z.object({ kind: z.literal("b") }).meta({ id: "KindB" });
    const Kind = z.discriminatedUnion("kind", [A, B]);
    const Nameless = z.discriminatedUnion("kind", [A, z.object({ kind: z.literal("c") })]);
    const thing = z.object({ kind: Kind, nameless: Nameless });
    const { paths } = write([anOperation({ input: thing, output: thing })]);
    const { requestBody, responses } = paths["/v1/things"].post;
    const schemaOf = ({ content }: typeof requestBody) => content["application/json"].schema.properties;
    const mappingTo = (a: string, b: string) => ({ a, aa: a, b });
    expect(schemaOf(requestBody).kind.discriminator).toEqual({
      propertyName: "kind",
      mapping: mappingTo("#/components/schemas/KindAInput", "#/components/schemas/KindB"),
    });
    expect(schemaOf(responses["200"]).kind.discriminator).toEqual({
      propertyName: "kind",
      mapping: mappingTo("#/components/schemas/KindA", "#/components/schemas/KindB"),
    });
    expect(schemaOf(responses["200"]).nameless).not.toHaveProperty("discriminator");
  });

  test("a schema that contains itself has to have an id", () => {
    const Tree = z.object({
      get children() {
        return z.array(Tree);
      },
    });
    const Pair = z.object({ left: Tree, right: Tree });
    expect(() => write([anOperation({ output: Tree })])).toThrow("needs an id");
    expect(() => write([anOperation({ output: Pair })])).toThrow("needs an id");
    const Named = z
      .object({
        get children() {
          return z.array(Named);
        },
      })
      .meta({ id: "Named" });
    const { schemas } = write([anOperation({ output: Named })]).components;
    expect(schemas.Named.properties.children.items).toEqual({ $ref: "#/components/schemas/Named" });
  });

  test("one id for two schemas is refused", () => {
    const Thing = z.object({ a: z.string() }).meta({ id: "TwiceNamed" });
    const Other = z.object({ b: z.string() }).meta({ id: "TwiceNamed" });
    const twice = [
      anOperation({ output: Thing }),
      anOperation({ http: { method: "POST", path: "/v1/o" }, output: Other }),
    ];
    expect(() => write(twice)).toThrow("TwiceNamed");
  });

  test("each field is in exactly one of path, query and body", () => {
    const input = z.object({ id: z.string(), rest: z.string(), limit: z.int() }).meta({ id: "ThingQuery" });
    const path = "/v1/things/{id}/{rest...}" as const;
    const [get, put] = (["GET", "PUT"] as const).map(
      (method) =>
        write([anOperation({ http: { method, path }, input })]).paths["/v1/things/{id}/{rest}"][method.toLowerCase()],
    );
    const placesOf = (item: typeof get) =>
      item.parameters.flatMap((part: { in?: string; name?: string }) => (part.in ? [`${part.in}:${part.name}`] : []));
    expect(placesOf(get)).toEqual(["path:id", "path:rest", "query:limit"]);
    expect(get.requestBody).toBeUndefined();
    expect(placesOf(put)).toEqual(["path:id", "path:rest"]);
    expect(put.requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/ThingQuery" });
  });

  test("a body is required if one of its fields is", () => {
    const bodyOf = (input: z.ZodObject) => write([anOperation({ input })]).paths["/v1/things"].post.requestBody;
    expect(bodyOf(z.object({ name: z.string(), size: z.int().optional() })).required).toBe(true);
    expect(bodyOf(z.object({ size: z.int().optional() })).required).toBe(false);
  });

  test("streams, bytes and forms have their own media types", () => {
    const item = (overrides: Partial<AnyOperation>) => write([anOperation(overrides)]).paths["/v1/things"].post;
    const stream = { schema: z.object({ delta: z.string() }), description: "One delta per event." };
    const { description, content } = item({ answers: { stream } }).responses["200"];
    expect(Object.keys(content)).toEqual(["application/json", "text/event-stream"]);
    expect(description).toContain("One delta per event.");
    const bytes = item({ answers: { bytes: { mediaType: "image/png" } }, body: { kind: "bytes" } });
    expect(Object.keys(bytes.responses["200"].content)).toEqual(["image/png"]);
    const form = item({ input: z.object({ file: FormFile }), body: { kind: "multipart" } });
    expect(form.requestBody.content["multipart/form-data"].schema.properties.file.format).toBe("binary");
  });

  test("errors have the envelope of their API and one example per code", () => {
    const { paths, components } = write([anOperation({ errorStyle: "openai" })]);
    const { responses, ...item } = paths["/v1/things"].post;
    expect(Object.keys(responses)).toEqual(["200", "400", "401", "403", "404", "409", "429", "500", "503"]);
    const conflict = components.responses[responses["409"].$ref.split("/").at(-1)].content["application/json"];
    expect(conflict.schema).toEqual({ $ref: "#/components/schemas/OpenAiErrorEnvelope" });
    expect(Object.keys(conflict.examples)).toEqual(["ALREADY_EXISTS", "FAILED_PRECONDITION"]);
    expect(conflict.examples.ALREADY_EXISTS.value.error).toMatchObject({
      type: "invalid_request_error",
      retryable: false,
    });
    const headersOf = (status: string) =>
      Object.keys(components.responses[responses[status].$ref.split("/").at(-1)].headers ?? {});
    const has = (name: string) =>
      Object.keys(responses)
        .slice(1)
        .filter((status) => headersOf(status).includes(name));
    expect([has("WWW-Authenticate"), has("Retry-After")]).toEqual([["401"], ["429", "503"]]);
    expect(item["x-codes"]).toContain("RESOURCE_EXHAUSTED");
    expect(item["x-access"]).toEqual({ role: "operator", scope: "write", tenant: "scoped" });
  });
});
