/** What the screen of channels says. */
export const channels = {};
