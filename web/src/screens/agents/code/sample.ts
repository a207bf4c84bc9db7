/** What a sample calls. */
export interface SampleTarget {
  /** The address of the gateway, such as `https://goclaw.example.com`. */
  readonly origin: string;
  readonly agentKey: string;
}

export const APIS = ["chat", "responses", "websocket"] as const;
export type Api = (typeof APIS)[number];

/** The environment variable that the samples read the token from. */
export const TOKEN_VARIABLE = "GOCLAW_TOKEN";

export const SAMPLE_MESSAGE = "Hello! What can you do?";
