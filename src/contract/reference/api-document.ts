import type { JsonObject } from "#base/json.ts";

/** What the reference needs of the OpenAPI document, with all references to parameters and answers resolved. */
export interface ApiDocument {
  readonly groups: readonly ApiGroup[];
  /** The headers that many operations read. */
  readonly headers: readonly ApiField[];
  /** What each status of an error means. */
  readonly errors: readonly { readonly status: string; readonly codes: readonly string[]; readonly meaning: string }[];
  /** The schemas with a name. Others refer to them by `#/components/schemas/…`. */
  readonly schemas: Readonly<Record<string, JsonObject>>;
}

export interface ApiGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly ApiOperation[];
}

export interface ApiRoute {
  readonly method: string;
  readonly path: string;
}

export interface ApiOperation {
  readonly name: string;
  readonly route: ApiRoute;
  readonly aliases: readonly ApiRoute[];
  readonly summary: string;
  readonly description: string;
  readonly access: ApiAccess | "public";
  readonly parameters: readonly ApiField[];
  readonly body: ApiContent | undefined;
  readonly answers: readonly ApiAnswer[];
  readonly errors: readonly { readonly status: string; readonly codes: readonly string[] }[];
}

export interface ApiAccess {
  readonly role: string;
  readonly scope: string;
  readonly tenant: string;
}

/** A parameter of a path, a query or a header. */
export interface ApiField {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly description: string;
  readonly schema: JsonObject;
}

export interface ApiAnswer {
  readonly status: string;
  readonly description: string;
  readonly contents: readonly ApiContent[];
}

export interface ApiContent {
  readonly mediaType: string;
  /** Empty if anything fits. */
  readonly schema: JsonObject;
  readonly example: unknown;
}
