import { expect, test } from "bun:test";
import { addressGroup } from "#base/address-group.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["2001::3:4:5:6:7", "2001:0:0:3"],
  ["2001::2:3:4:5:6:7", "2001:0:2:3"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4"],
])("%s belongs to %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
