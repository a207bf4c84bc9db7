/** What the screen of knowledge says. */
export const knowledge = {};
