import { type Clock, toTimestamp } from "#base/clock.ts";
import { LIMITS } from "#base/limits.ts";
import type { InboundMessage, InstanceStore, Report } from "#channels/index.ts";
import type { ChannelStatesTable } from "#db/channels/channel-tables.ts";
import type { SystemDatabase, TenantDatabase } from "#db/database.ts";
import { databaseTime } from "#db/database-time.ts";
import { isForeignKeyViolation } from "#db/errors.ts";
import type { TenantQueries } from "#db/tenant-queries.ts";
import { fromJson, toJson } from "#db/values.ts";
import type { ChannelHealth } from "#features/channels/instances/schema.ts";
import type { ChannelAccount, ChannelAccounts } from "#features/channels/live/channel-accounts.ts";

export interface InstanceStoreDependencies {
  readonly accounts: ChannelAccounts;
  readonly system: SystemDatabase;
  /** `<node id>:<boot id>` of this process. */
  readonly owner: string;
  readonly clock: Clock;
  /** Continues with what waited while nobody served the instance. */
  readonly resume: (account: ChannelAccount) => Promise<void>;
  readonly receive: (account: ChannelAccount, messages: readonly InboundMessage[]) => Promise<void>;
}

const STORY_LENGTH = 20;

/** Keeps leases and states of instances in the database. The database's time decides when a lease ends. */
export function createInstanceStore(dependencies: InstanceStoreDependencies): InstanceStore {
  const { accounts, system, owner, clock, receive, resume } = dependencies;
  const [node = ""] = owner.split(":");
  const leaseEnd = () => databaseTime(system.dialect, LIMITS.leaseTime);

  /** Runs a unit of writes in the tenant of an instance. Resolves to undefined if there is no such instance. */
  const write = async <Value>(id: string, unit: (queries: TenantQueries) => Promise<Value>) => {
    const db = await findDatabase(id);
    return db?.write(unit).catch((thrown: unknown) => {
      // The instance was deleted meanwhile.
      if (isForeignKeyViolation(thrown)) return undefined;
      throw thrown;
    });
  };
  const findDatabase = async (id: string): Promise<TenantDatabase | undefined> => (await accounts.find(id))?.db;
  const ownState = (queries: TenantQueries, id: string) =>
    queries.updateTable("channel_states").where("instance_id", "=", id).where("lease_owner", "=", owner);

  return {
    async list() {
      const served = await accounts.listServed();
      return served.map((account) => ({
        id: account.id,
        version: account.version,
        open: () => account.open(),
        receive: (messages) => receive(account, messages),
      }));
    },
    async claim(id) {
      const claimed = await write(id, async (queries) => {
        const since = toTimestamp(clock.now());
        await queries.insertOrLock("channel_states", { ...UNKNOWN, instance_id: id, since }, ["instance_id"]);
        return queries
          .updateTable("channel_states")
          .set({ lease_owner: owner, lease_until: leaseEnd() })
          .where("instance_id", "=", id)
          .where((state) =>
            state.or([
              state("lease_owner", "is", null),
              state("lease_until", "<", databaseTime(system.dialect)),
              // An earlier process of this node is dead, because this one holds the lock of its home.
              state("lease_owner", "like", `${node}:%`),
            ]),
          )
          .returning("instance_id")
          .executeTakeFirst();
      });
      const account = claimed && (await accounts.find(id));
      if (account) await resume(account);
      return claimed !== undefined;
    },
    async renew(ids) {
      const held = await system.write((queries) =>
        queries
          .updateTable("channel_states")
          .set({ lease_until: leaseEnd() })
          .where("instance_id", "in", ids)
          .where("lease_owner", "=", owner)
          .returning("instance_id")
          .execute(),
      );
      return new Set(held.map(({ instance_id }) => instance_id));
    },
    async release(id) {
      await write(id, (queries) => ownState(queries, id).set({ lease_owner: null, lease_until: null }).execute());
    },
    async report(id, report) {
      await write(id, async (queries) => {
        const state = await queries
          .selectForUpdate("channel_states")
          .selectAll()
          .where("instance_id", "=", id)
          .where("lease_owner", "=", owner)
          .executeTakeFirst();
        if (state)
          await ownState(queries, id)
            .set(toNextState(state, report, clock))
            .execute();
      });
    },
  };
}

const UNKNOWN = {
  ...{ state: "registered", reason: "", detail: "", story: "[]" },
  ...{ lease_owner: null, lease_until: null },
};

/** Adds the state so far to the story. */
function toNextState(before: ChannelStatesTable, report: Report, clock: Clock) {
  const { state, reason, detail, since } = before;
  const past = { state, ...(reason && { reason }), ...(detail && { detail }), since };
  const story = [past, ...fromJson<ChannelHealth[]>(before.story)].slice(0, STORY_LENGTH);
  return { ...report, since: toTimestamp(clock.now()), story: toJson(story) };
}
