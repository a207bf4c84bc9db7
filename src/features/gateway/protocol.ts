/** The version of the gateway's WebSocket protocol. */
export const PROTOCOL = 3;
