/** What the screen of agents says. */
export const agents = {};
