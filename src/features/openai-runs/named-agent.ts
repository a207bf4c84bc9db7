/** Returns the agent in `goclaw:<agent>` or `agent:<agent>`. Any other model selects no agent and is only echoed. */
export const namedAgent = (model: string | null | undefined): string | undefined =>
  /^(?:goclaw|agent):(.+)$/.exec(model ?? "")?.[1];
