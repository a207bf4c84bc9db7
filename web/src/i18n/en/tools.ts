/** What the screen of tools says. */
export const tools = {};
