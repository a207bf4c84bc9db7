/** What the screen of home says. */
export const home = {};
