/** What the screen of settings says. */
export const settings = {};
