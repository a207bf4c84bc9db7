/** Names a thing that lives as long as the gateway, such as the run engine, and carries its type. */
export interface ServiceToken<Service> {
  readonly name: string;
  /** Never set: it only ties the type to the token. */
  readonly type?: Service;
}

export const defineService = <Service>(name: string): ServiceToken<Service> => ({ name });

/** What operations reach through `ctx.use(token)`. The application fills it once, before the first request. */
export class Services {
  readonly #byName = new Map<string, unknown>();

  provide<Service>(token: ServiceToken<Service>, service: Service): this {
    this.#byName.set(token.name, service);
    return this;
  }

  // The name is only ever provided together with a value of the token's type.
  use<Service>(token: ServiceToken<Service>): Service {
    if (!this.#byName.has(token.name)) throw new Error(`the service ${token.name} was not provided`);
    return this.#byName.get(token.name) as Service;
  }
}
