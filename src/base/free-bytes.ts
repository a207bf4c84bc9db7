/**
 * Gives the memory of bytes back at once. The collector alone lets megabytes of them gather. Whoever reads the bytes
 * afterwards finds none, so only their last user may call this. Bytes that share their memory with others stay.
 */
export function freeBytes({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
