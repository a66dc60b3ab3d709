import { assert, assertEquals, assertThrows } from "@std/assert";
import { openMoves } from "../../src/train/augmentation.ts";
import { fromFileUrl } from "../sweep/paths.ts";
import { runPython, torchTest } from "../torch_available.ts";

const still = { top: 0, left: 0, side: 0 };
const options = { seed: 3, shape: [32, 32, 3] } as const;

Deno.test("openMoves() moves nothing without an augmentation", () => {
  assertEquals(openMoves({ name: "none" }, options), undefined);
});

Deno.test("openMoves() draws every shift within the padding, each as often, and flips half of the images", () => {
  const draw = openMoves({ name: "crop-flip", padding: 2 }, options)!;
  const moves = Array.from({ length: 5000 }, (_, slot) => draw(1, slot));
  for (const side of ["down", "right"] as const) {
    for (const shift of [-2, -1, 0, 1, 2]) {
      const count = moves.filter((move) => move[side] === shift).length;
      // Five standard deviations of a binomial with p = 1/5.
      assert(Math.abs(count - 1000) < 142, `${side} ${shift}: ${count}`);
    }
  }
  const flips = moves.filter(({ flip }) => flip).length;
  assert(Math.abs(flips - 2500) < 177, `${flips}`);
});

Deno.test("openMoves() draws a move by pass and slot, whatever was drawn before", () => {
  const draw = openMoves({ name: "crop-flip" }, options)!;
  const again = openMoves({ name: "crop-flip" }, options)!;
  const first = [0, 1, 2].map((slot) => draw(4, slot));
  again(0, 7);
  assertEquals([2, 1, 0].map((slot) => again(4, slot)).reverse(), first);
});

Deno.test("openMoves() only flips where there is no padding", () => {
  const draw = openMoves({ name: "crop-flip", padding: 0 }, options)!;
  const moves = Array.from({ length: 100 }, (_, slot) => draw(0, slot));
  assertEquals(
    new Set(moves.map(({ down, right }) => `${down} ${right}`)).size,
    1,
  );
  assertEquals(new Set(moves.map(({ flip }) => flip)).size, 2);
});

Deno.test("openMoves() mirrors an image in every other pass, half of the images in the first", () => {
  const open = (flip?: "alternating") =>
    openMoves({ name: "crop-flip", ...(flip && { flip }) }, options)!;
  const [random, draw] = [open(), open("alternating")];
  const slots = Array.from({ length: 1000 }, (_, slot) => slot);
  const first = slots.map((slot) => draw(0, slot));
  assertEquals(first, slots.map((slot) => random(0, slot)));
  for (const pass of [1, 2, 3, 4, 9]) {
    slots.forEach((slot) => {
      const { flip, ...shift } = draw(pass, slot);
      const { flip: _, ...expected } = random(pass, slot);
      assertEquals(shift, expected, "shifts are those of random flips");
      assertEquals(flip, first[slot]!.flip !== (pass % 2 === 1));
    });
  }
});

Deno.test("openMoves() alternates the same way wherever a run begins to draw", () => {
  const open = () =>
    openMoves({ name: "crop-flip", flip: "alternating" }, options)!;
  const draw = open();
  const inOrder = [0, 1, 2, 3].map((pass) => draw(pass, 5));
  assertEquals([0, 1, 2, 3].map((pass) => open()(pass, 5)), inOrder);
});

Deno.test("openMoves() centres cutout on every pixel equally often, whatever else is drawn", () => {
  const open = (cutout?: number) =>
    openMoves({ name: "crop-flip", ...(cutout && { cutout }) }, {
      ...options,
      shape: [4, 5, 3],
    })!;
  const [plain, even, odd] = [open(), open(8), open(3)];
  const counts = new Map<string, number>();
  for (let slot = 0; slot < 4000; slot++) {
    const { cutout: { top, left, side } = still, ...move } = even(0, slot);
    assertEquals(move, plain(0, slot));
    assertEquals(side, 8);
    // Rows from the centre less half the side, as in the authors' code.
    const centre = `${top + 4} ${left + 4}`;
    counts.set(centre, (counts.get(centre) ?? 0) + 1);
    assertEquals(odd(0, slot).cutout, {
      top: top + 3,
      left: left + 3,
      side: 3,
    });
  }
  assertEquals(counts.size, 20);
  for (const [centre, count] of counts) {
    const [y, x] = centre.split(" ").map(Number);
    assert(y! >= 0 && y! < 4 && x! >= 0 && x! < 5, centre);
    // Five standard deviations of a binomial with p = 1/20.
    assert(Math.abs(count - 200) < 70, `${centre}: ${count}`);
  }
});

Deno.test("openMoves() refuses a reflected border as wide as the image", () => {
  const open = (padding: number) =>
    openMoves({ name: "crop-flip", padding, border: "reflect" }, {
      ...options,
      shape: [8, 6, 3],
    });
  open(5);
  assertThrows(() => open(6), RangeError, "8x6 pixels, got 6");
});

/** Moves by `docs/random-streams.md`, with the streams of `repeat_cell.py`. */
const script = `
import json, sys
given = json.load(sys.stdin)
sys.path.insert(0, given["docs"])
from repeat_cell import uniforms
results = []
for padding, *keys in given["draws"]:
    drawn = (uniforms([(given["seed"], "augmentation", *keys)], 5) * 2**32)[0].tolist()
    below = lambda at, n: int((drawn[at] + 2**31) % 2**32 % n)
    shifts = [below(at, 2 * padding + 1) - padding for at in (0, 1)]
    results.append([*shifts, below(2, 2), below(3, 32) - 2, below(4, 32) - 2])
print(json.dumps(results))
`;

torchTest("openMoves() draws what docs/random-streams.md says", async () => {
  const draws = [4, 2, 0].flatMap((padding) =>
    [0, 1, 17, "test" as const].flatMap((pass) =>
      [0, 1, 49_999].map((slot) => [padding, pass, slot] as const)
    )
  );
  const expected = await runPython(script, {
    docs: fromFileUrl(new URL("../../docs", import.meta.url)),
    seed: options.seed,
    draws,
  });
  const moves = draws.map(([padding, pass, slot]) => {
    const draw = openMoves({ name: "crop-flip", padding, cutout: 5 }, options)!;
    const { down, right, flip, cutout } = draw(pass, slot);
    return [down, right, Number(flip), cutout!.top, cutout!.left];
  });
  assertEquals(moves, expected);
});
