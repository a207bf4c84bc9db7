/** Where a gateway listens if nothing else is configured. */
export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 18_790;
