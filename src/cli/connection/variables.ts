/** The variables of the environment that stand for the options of the same names. */
export const VARIABLES = {
  url: "GOCLAW_URL",
  token: "GOCLAW_TOKEN",
  user: "GOCLAW_USER",
  tenant: "GOCLAW_TENANT",
  context: "GOCLAW_CONTEXT",
} as const;
