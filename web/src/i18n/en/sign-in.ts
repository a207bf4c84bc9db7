/** What the page says that lets people in. */
export const signIn = {
  title: "Sign in to GoClaw",
  byLink: "Run this where the gateway runs, and open the link that it prints:",
  byToken: "Or use a token",
  token: "Gateway token or API key",
  tokenHint: "It goes to the gateway alone. The browser keeps a cookie that no script can read.",
  user: "User id",
  userHint: "On whose behalf you act. Leave it empty for the usual one.",
  submit: "Sign in",
  byPairing: "Or ask to be let in",
  askPairing: "Ask an administrator",
  pairingCode: "Tell this code to an administrator, who approves it under Settings › Browsers:",
  pairingWaits: "Waiting for the approval…",
  pairingExpired: "The code has expired. Ask again.",
  unreachable: "The gateway cannot be reached",
};
