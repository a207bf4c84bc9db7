/** The typed key of a service. A service lives as long as the gateway, such as the run engine. */
export interface ServiceToken<Service> {
  readonly name: string;
  /** Never set. It only binds the type of the service to the token. */
  readonly type?: Service;
}

export const defineService = <Service>(name: string): ServiceToken<Service> => ({ name });

/** The services that operations get by `ctx.use(token)`. The application provides them before the first request. */
export class Services {
  readonly #byName = new Map<string, unknown>();

  provide<Service>(token: ServiceToken<Service>, service: Service): this {
    this.#byName.set(token.name, service);
    return this;
  }

  // Safe: `provide` stores only a service of the token's type under its name. Throws if none was provided.
  use<Service>(token: ServiceToken<Service>): Service {
    if (!this.#byName.has(token.name)) throw new Error(`the service ${token.name} was not provided`);
    return this.#byName.get(token.name) as Service;
  }
}
