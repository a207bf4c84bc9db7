import type { Egress } from "#base/egress/create-egress.ts";
import type { ImagePreparer } from "#base/media/image-preparer.ts";
import type { Metrics } from "#base/metrics.ts";
import type { SecretBox } from "#base/secret-box.ts";
import { defineService } from "#core/service.ts";
import type { ProcessRunner } from "#processes/process-runner.ts";

// Services that every feature may use.
export const secretBox = defineService<SecretBox>("secret-box");
export const egress = defineService<Egress>("egress");
export const metrics = defineService<Metrics>("metrics");
/** Prepares images for models. */
export const imagePreparer = defineService<ImagePreparer>("image-preparer");
export const processes = defineService<ProcessRunner>("processes");

/** The state of the gateway. Only a ready gateway accepts new work. */
export interface Lifecycle {
  readonly state: "starting" | "ready" | "draining";
}

export const lifecycle = defineService<Lifecycle>("lifecycle");
/** The version of the program. */
export const gatewayVersion = defineService<string>("gateway-version");
/** Returns the longest message that a user may send over a WebSocket, in characters. */
export const maxMessageChars = defineService<() => number>("max-message-chars");
export const readiness = defineService<() => Promise<void>>("readiness");
