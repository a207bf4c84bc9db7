import type { Channel, Receive } from "#channels/channel.ts";

/** An enabled instance. `version` changes with everything that it depends on. */
export interface ServedInstance {
  readonly id: string;
  readonly version: string;
  /** Opens its account. Throws `ChannelError` if that cannot work. */
  open(): Channel;
  /** Stores messages. Resolves when they are durable. */
  readonly receive: Receive;
}

export type ReportedState = "starting" | "healthy" | "degraded" | "failed" | "stopped";

export interface Report {
  readonly state: ReportedState;
  /** A word for programs, or "". */
  readonly reason: string;
  /** The reason in English, or "". */
  readonly detail: string;
}

/** What the supervisor keeps of its instances. A lease lets one process at a time serve an instance. */
export interface InstanceStore {
  /** Returns the instances that some process should serve. */
  list(): Promise<readonly ServedInstance[]>;
  /** Resolves to false if another process holds the lease. */
  claim(instanceId: string): Promise<boolean>;
  /** Resolves to the ids of the leases that this process still holds. */
  renew(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
  release(instanceId: string): Promise<void>;
  /** Stores how an instance fares. Has no effect without its lease. */
  report(instanceId: string, report: Report): Promise<void>;
}
