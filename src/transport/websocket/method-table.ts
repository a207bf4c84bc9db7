import type { RpcMethod } from "#core/live/rpc-method.ts";
import type { Dialect } from "#core/live/run-feed.ts";
import type { AnyOperation } from "#core/operation.ts";

/** What a method name means. */
export interface KnownMethod {
  readonly operation: AnyOperation;
  /** Absent if the operation is called under its own name, with its own fields. */
  readonly method?: RpcMethod;
}

/** Finds what the names of methods mean. An operation without a method of its own is called by its own name. */
export class MethodTable {
  readonly #operations: ReadonlyMap<string, KnownMethod>;
  readonly #methods: ReadonlyMap<string, KnownMethod>;

  /** Throws if two methods have one name, or if a method names an operation that does not exist. */
  constructor(operations: readonly AnyOperation[], methods: readonly RpcMethod[]) {
    this.#operations = new Map(operations.map((operation) => [operation.name, { operation }]));
    this.#methods = new Map(methods.map((method) => [method.name, this.#resolve(method)]));
    if (this.#methods.size < methods.length) throw new Error("two methods have the same name");
  }

  find(name: string, dialect: Dialect): KnownMethod | undefined {
    const [first, second] =
      dialect === "goclaw" ? [this.#methods, this.#operations] : [this.#operations, this.#methods];
    return first.get(name) ?? second.get(name);
  }

  #resolve(method: RpcMethod): KnownMethod {
    const known = this.#operations.get(method.operation);
    if (!known) throw new Error(`the method ${method.name} calls ${method.operation}, which does not exist`);
    return { ...known, method };
  }
}
