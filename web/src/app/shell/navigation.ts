import {
  Bot,
  ChartColumn,
  House,
  Library,
  type LucideIcon,
  MessagesSquare,
  Play,
  RadioTower,
  Settings,
  Wrench,
} from "lucide-react";
import type { Texts } from "#web/i18n/texts.ts";

export interface NavigationEntry {
  readonly to: "/" | "/chat" | "/agents" | "/runs" | "/tools" | "/knowledge" | "/channels" | "/usage" | "/settings";
  readonly name: keyof Texts["navigation"];
  readonly icon: LucideIcon;
  /** The second key of a shortcut that begins with `g`. */
  readonly key: string;
}

/** The screens, in the order of the navigation. A phone shows the first four in its bar. */
export const NAVIGATION: readonly NavigationEntry[] = [
  { to: "/", name: "home", icon: House, key: "h" },
  { to: "/chat", name: "chat", icon: MessagesSquare, key: "c" },
  { to: "/agents", name: "agents", icon: Bot, key: "a" },
  { to: "/runs", name: "runs", icon: Play, key: "r" },
  { to: "/tools", name: "tools", icon: Wrench, key: "t" },
  { to: "/knowledge", name: "knowledge", icon: Library, key: "k" },
  { to: "/channels", name: "channels", icon: RadioTower, key: "n" },
  { to: "/usage", name: "usage", icon: ChartColumn, key: "u" },
  { to: "/settings", name: "settings", icon: Settings, key: "s" },
];
