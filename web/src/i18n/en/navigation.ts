/** The names of the screens. */
export const navigation = {
  home: "Home",
  chat: "Chat",
  agents: "Agents",
  runs: "Runs",
  tools: "Tools",
  knowledge: "Knowledge",
  channels: "Channels",
  usage: "Usage",
  settings: "Settings",
};
