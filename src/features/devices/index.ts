export { createDeviceDirectory } from "#features/devices/device-directory.ts";
export { devicePairing } from "#features/devices/device-pairing.ts";
export { deviceFeature } from "#features/devices/feature.ts";
