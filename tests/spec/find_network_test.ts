import { assertEquals, assertThrows } from "@std/assert";
import { requireFit } from "../../src/spec/find_network.ts";
import { networkNames } from "../../src/spec/networks.ts";

Deno.test("requireFit() takes every network for images of 32x32, 48x64 and 64x64", () => {
  for (const model of networkNames) {
    for (const [height, width] of [[32, 32], [48, 64], [64, 64]] as const) {
      requireFit({ model }, { shape: [height, width, 3], classes: 7 });
    }
  }
});

Deno.test("requireFit() says what size fits where images are too small", () => {
  const fit = (height: number, width: number) =>
    requireFit(
      { model: "whitened-groups" },
      { shape: [height, width, 3], classes: 7 },
    );
  const { message } = assertThrows(() => fit(12, 64), RangeError) as Error;
  const [, side] = /square images that it fits are (\d+)x\1, got 12x64$/
    .exec(message)!;
  // What it says holds, and nothing smaller fits.
  fit(Number(side), Number(side));
  assertThrows(() => fit(Number(side) - 1, Number(side) - 1), RangeError);
  assertEquals(Number(side) > 12, true);
});
