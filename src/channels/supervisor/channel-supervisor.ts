import { InstanceService, type ServiceDependencies } from "#channels/supervisor/instance-service.ts";
import type { Report } from "#channels/supervisor/instance-store.ts";

export interface SupervisorDependencies extends ServiceDependencies {
  /** How often leases are renewed, in milliseconds. */
  readonly renewalMs: number;
  /** How often instances are looked for whose process died, in milliseconds. */
  readonly sweepMs: number;
}

const DISABLED: Report = { state: "stopped", reason: "disabled", detail: "" };
const LEAVING: Report = { state: "stopped", reason: "gateway_stopped", detail: "" };

/** Serves every instance whose lease it gets, and follows their changes. */
export class ChannelSupervisor {
  readonly #dependencies: SupervisorDependencies;
  readonly #services = new Map<string, InstanceService>();
  #timers: readonly NodeJS.Timeout[] = [];
  #isStopped = false;
  #isDirty = false;
  #work: Promise<void> = Promise.resolve();

  constructor(dependencies: SupervisorDependencies) {
    this.#dependencies = dependencies;
  }

  /** Begins to serve. Resolves when it has asked for every lease once. */
  async start(): Promise<void> {
    const { renewalMs, sweepMs } = this.#dependencies;
    this.#timers = [
      setInterval(() => this.#inBackground(() => this.#renew()), renewalMs).unref(),
      setInterval(() => void this.reconcile(), sweepMs).unref(),
    ];
    await this.reconcile();
  }

  /** Starts, stops and reloads services until they fit the instances. Calls that come meanwhile are served together. */
  reconcile(): Promise<void> {
    if (this.#isDirty) return this.#work;
    this.#isDirty = true;
    return this.#inBackground(async () => {
      this.#isDirty = false;
      await this.#reconcile();
    });
  }

  /** Lets go of all platforms and leases. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#work;
    await Promise.all([...this.#services.keys()].map((id) => this.#end(id, LEAVING)));
  }

  async #reconcile(): Promise<void> {
    if (this.#isStopped) return;
    const instances = await this.#dependencies.store.list();
    const wanted = new Map(instances.map((instance) => [instance.id, instance]));
    const outdated = [...this.#services].filter(([id, { instance }]) => wanted.get(id)?.version !== instance.version);
    await Promise.all(outdated.map(([id]) => this.#end(id, wanted.has(id) ? undefined : DISABLED)));
    for (const instance of instances) {
      if (this.#isStopped || this.#services.has(instance.id)) continue;
      if (!(await this.#dependencies.store.claim(instance.id))) continue;
      this.#services.set(instance.id, new InstanceService(instance, this.#dependencies));
    }
  }

  async #renew(): Promise<void> {
    const ids = [...this.#services.keys()];
    if (ids.length === 0) return;
    const held = await this.#dependencies.store.renew(ids);
    // Another process serves these now.
    await Promise.all(ids.filter((id) => !held.has(id)).map((id) => this.#end(id)));
  }

  async #end(id: string, last?: Report): Promise<void> {
    const service = this.#services.get(id);
    this.#services.delete(id);
    await service?.stop(last);
    if (last === DISABLED) await service?.leave();
    await this.#dependencies.store.release(id);
  }

  /** Does one thing after the other. */
  #inBackground(task: () => Promise<void>): Promise<void> {
    this.#work = this.#work
      .then(task)
      .catch((error: unknown) => this.#dependencies.logger.warn({ error }, "channels could not be supervised"));
    return this.#work;
  }
}
