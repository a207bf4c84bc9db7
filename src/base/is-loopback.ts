/** Returns whether a host is a name or literal address that only this machine can reach. IPv6 may have brackets. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
