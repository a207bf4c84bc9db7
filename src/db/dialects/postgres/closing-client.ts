import pg from "pg";

/** Fields of `pg`'s client that its types leave out. */
interface UntypedFields {
  readonly connection: { readonly stream: { destroy(): void } };
  /** The server's process behind the connection, as the server or a pooler told at the login. */
  readonly processID: number | null;
}

/** A connection that can be left without the server's consent. */
export class ClosingClient extends pg.Client {
  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error | undefined) => void): void;
  /**
   * Closes the socket if the server refuses the login. `pg` leaves the socket to the server, whose timeout of a minute
   * would keep this process alive.
   */
  override connect(callback?: (error: Error | undefined) => void): Promise<pg.Client> | undefined {
    if (callback === undefined) return super.connect();
    super.connect((error: Error | undefined) => {
      if (error) this.end().catch(() => {});
      callback(error);
    });
    return undefined;
  }
}

// The cast is safe, because every client has these fields.
const fieldsOf = (client: pg.ClientBase) => client as unknown as UntypedFields;

/** Closes the socket at once. A query in progress fails. */
export const abandon = (client: pg.ClientBase): void => fieldsOf(client).connection.stream.destroy();

export const processIdOf = (client: pg.ClientBase): number | undefined => fieldsOf(client).processID ?? undefined;
