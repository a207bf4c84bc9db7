/** What the frame around the screens says. */
export const shell = {
  skip: "Skip to the content",
  navigation: "Screens",
  search: "Search or go to…",
  more: "More",
  goTo: "Go to",
  conversations: "Conversations",
  nothingFound: "Nothing found",
  signOut: "Sign out",
  reconnecting: "Connecting to the gateway again…",
  noSuchPage: "There is no such page",
  goHome: "Go to Home",
  wasUpdated: "GoClaw was updated. Load the page again to go on.",
  fault: "This page has a fault. The others still work.",
  changeTenant: (name: string) => `Change the tenant, now ${name}`,
  chatWith: (name: string) => `Chat with ${name}`,
  roles: {
    viewer: "Viewer",
    operator: "Operator",
    admin: "Administrator",
    owner: "Owner",
  },
  themes: {
    system: "Like the system",
    light: "Light",
    dark: "Dark",
  },
};
