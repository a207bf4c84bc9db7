import { EgressError } from "#base/egress/egress-error.ts";
import { ChannelError } from "#channels/channel-error.ts";

/** Returns a failed request as a failure of the platform. Only failures before the request was sent had no effect. */
export function toChannelError(thrown: unknown): ChannelError {
  if (thrown instanceof ChannelError) return thrown;
  if (!(thrown instanceof EgressError))
    return new ChannelError("outcome_unknown", "the platform's answer is unreadable");
  switch (thrown.kind) {
    case "blocked_url":
    case "blocked_address":
      return new ChannelError("forbidden", thrown.message);
    case "dns":
    case "connect":
    case "redirect":
      return new ChannelError("unavailable", thrown.message);
    default:
      return new ChannelError("outcome_unknown", thrown.message);
  }
}
