export { channelFeature } from "#features/channels/feature.ts";
export { sealedTextsOf as channelSecretsOf } from "#features/channels/instances/seal-credentials.ts";
