import type { Texts } from "#web/i18n/texts.ts";

const isKnown = (doors: Texts["runs"]["doors"], door: string): door is keyof Texts["runs"]["doors"] =>
  Object.hasOwn(doors, door);

/** Returns the word for the door through which a run came. Channels have names of their own. */
export const nameDoor = ({ doors }: Texts["runs"], door: string): string => (isKnown(doors, door) ? doors[door] : door);
