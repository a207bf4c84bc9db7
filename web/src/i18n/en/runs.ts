/** What the screen of runs says. */
export const runs = {};
