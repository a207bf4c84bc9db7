export { gatewayFeature } from "#features/gateway/feature.ts";
export { PROTOCOL } from "#features/gateway/protocol.ts";
