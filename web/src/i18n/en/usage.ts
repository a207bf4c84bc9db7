/** What the screen of usage says. */
export const usage = {};
