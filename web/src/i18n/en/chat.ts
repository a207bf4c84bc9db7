/** What the screen of chat says. */
export const chat = {};
