import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { Logger } from "#base/logger.ts";
import type { NodesTable } from "#db/core/core-tables.ts";
import type { SystemDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";

/** Another process runs under the name of this node, for example with a copy of its home. */
export class NodeInUseError extends Error {
  override readonly name = "NodeInUseError";
}

export interface NodeRegistrationOptions {
  readonly system: SystemDatabase;
  readonly logger: Pick<Logger, "warn">;
  /** `<node id>:<boot id>` of this process. */
  readonly owner: string;
  /** Identifies the home directory on its machine. A copy of the home has another mark. */
  readonly homeMark: string;
}

/** How often a starting process looks whether the registered one is alive, in milliseconds. */
const LOOK_MS = SECOND / 2;

/**
 * The entry of this process among the gateways that share a Postgres. It keeps two processes from running under one
 * node id, where each would take the other for dead. A SQLite database has one process, which the lock of its home
 * ensures.
 */
export class NodeRegistration {
  readonly #options: NodeRegistrationOptions;
  readonly #node: NodesTable;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: NodeRegistrationOptions) {
    const [node_id = "", boot_id = ""] = options.owner.split(":");
    this.#options = options;
    this.#node = { node_id, boot_id, home_mark: options.homeMark, lease_until: "" };
  }

  /**
   * Registers this process. Afterwards every earlier process of the node is known to be dead. It had the same home, whose
   * lock this process holds, or its entry has expired. Throws `NodeInUseError` if an entry is renewed meanwhile.
   */
  async claim(): Promise<void> {
    if (this.#options.system.dialect === "sqlite") return;
    let seen: NodesTable | undefined;
    for (let other = await this.#take(); other; other = await this.#take()) {
      const isAlive = seen && (seen.boot_id !== other.boot_id || seen.lease_until !== other.lease_until);
      if (isAlive) throw new NodeInUseError(`the node ${other.node_id} is in use`);
      seen = other;
      await sleep(LOOK_MS);
    }
    this.#timer = setInterval(() => this.#renew(), LIMITS.leaseRenewal).unref();
  }

  /** Removes the entry. Without a database, it expires. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    const { system, logger } = this.#options;
    const { node_id, boot_id } = this.#node;
    if (system.dialect === "sqlite") return;
    await system
      .write((queries) =>
        queries.deleteFrom("nodes").where("node_id", "=", node_id).where("boot_id", "=", boot_id).execute(),
      )
      .catch((error: unknown) => logger.warn({ error }, "the entry of this node was not removed"));
  }

  /** Resolves to undefined if the entry was taken, and else to the entry of the other process. */
  #take(): Promise<NodesTable | undefined> {
    const { system } = this.#options;
    const { node_id, home_mark } = this.#node;
    return system.write(async (queries) => {
      await queries.deleteFrom("nodes").where("lease_until", "<", databaseTime(system.dialect)).execute();
      const taken = await queries
        .insertInto("nodes")
        .values({ ...this.#node, lease_until: this.#leaseEnd() })
        .onConflict((conflict) =>
          conflict
            .column("node_id")
            .doUpdateSet((row) => ({ boot_id: row.ref("excluded.boot_id"), lease_until: this.#leaseEnd() }))
            .where("nodes.home_mark", "=", home_mark),
        )
        .returning("node_id")
        .executeTakeFirst();
      if (taken) return undefined;
      return queries.selectFrom("nodes").selectAll().where("node_id", "=", node_id).executeTakeFirst();
    });
  }

  #renew(): void {
    const { system, logger } = this.#options;
    system
      .write((queries) =>
        queries
          .insertInto("nodes")
          .values({ ...this.#node, lease_until: this.#leaseEnd() })
          .onConflict((conflict) =>
            conflict
              .column("node_id")
              .doUpdateSet({ lease_until: this.#leaseEnd() })
              .where("nodes.boot_id", "=", this.#node.boot_id),
          )
          .execute(),
      )
      .catch((error: unknown) => logger.warn({ error }, "the entry of this node was not renewed"));
  }

  #leaseEnd() {
    return databaseTime(this.#options.system.dialect, LIMITS.leaseTime);
  }
}
