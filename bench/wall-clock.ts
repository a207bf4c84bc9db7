/** Returns the milliseconds since 1970 with fractions. The clock is the same in all processes of this machine. */
export const wallClock = (): number => performance.timeOrigin + performance.now();
