import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openStream } from "../../src/core/stream.ts";
import { gatherImages, type PixelMove } from "../../src/data/gather_images.ts";

const still = { down: 0, right: 0, flip: false };

/** One image of one channel, drawn as rows of digits; each is a byte. */
function gatherDrawing(drawing: readonly string[], move: PixelMove): string[] {
  const shape = [drawing.length, drawing[0]!.length, 1] as const;
  const pixels = Uint8Array.from(drawing.join(""), Number);
  const batch = gatherImages({ pixels }, shape, Uint32Array.of(0), () => move);
  const digits = Array.from(batch, (value) => Math.round(255 * value)).join("");
  return drawing.map((_, y) => digits.slice(y * shape[1], (y + 1) * shape[1]));
}

const drawing = [
  "1234",
  "5678",
  "9123",
];

Deno.test("gatherImages() leaves black what a moved image uncovers", () => {
  assertEquals(gatherDrawing(drawing, { ...still, down: 1, right: 2 }), [
    "0000",
    "0012",
    "0056",
  ]);
  assertEquals(gatherDrawing(drawing, { ...still, down: -1, right: -1 }), [
    "6780",
    "1230",
    "0000",
  ]);
  assertEquals(gatherDrawing(drawing, { ...still, down: 9 }), [
    "0000",
    "0000",
    "0000",
  ]);
});

Deno.test("gatherImages() mirrors an image after it moved", () => {
  assertEquals(gatherDrawing(drawing, { down: 0, right: 1, flip: true }), [
    "3210",
    "7650",
    "2190",
  ]);
});

Deno.test("gatherImages() reflects an image about its outermost pixels, which it does not repeat", () => {
  assertEquals(
    gatherDrawing(drawing, { ...still, right: 2, border: "reflect" }),
    ["3212", "7656", "2191"],
  );
  assertEquals(
    gatherDrawing(drawing, { ...still, right: -3, border: "reflect" }),
    ["4321", "8765", "3219"],
  );
  assertEquals(
    gatherDrawing(drawing, {
      down: 2,
      right: -1,
      flip: true,
      border: "reflect",
    }),
    ["2321", "7876", "3432"],
  );
});

Deno.test("gatherImages() blacks out a square of the moved image, as far as it is inside", () => {
  const cut = (top: number, left: number, move = still) =>
    gatherDrawing(drawing, { ...move, cutout: { top, left, side: 2 } });
  assertEquals(cut(1, 1), ["1234", "5008", "9003"]);
  assertEquals(cut(-1, 3), ["1230", "5678", "9123"]);
  assertEquals(cut(2, -1), ["1234", "5678", "0123"]);
  assertEquals(cut(0, -2), drawing);
  assertEquals(cut(3, 4), drawing);
  assertEquals(cut(0, 0, { down: 0, right: 1, flip: true }), [
    "0010",
    "0050",
    "2190",
  ]);
});

const anyMove = fc.record({
  down: fc.integer({ min: -5, max: 5 }),
  right: fc.integer({ min: -5, max: 5 }),
  flip: fc.boolean(),
  border: fc.constantFrom("black" as const, "reflect" as const),
  cutout: fc.record({
    top: fc.integer({ min: -3, max: 8 }),
    left: fc.integer({ min: -3, max: 8 }),
    side: fc.integer({ min: 0, max: 4 }),
  }),
});

/** Walks from place 0 until `at`, turning back at the ends. */
function walk(at: number, size: number): number {
  let place = 0;
  let step = 1;
  for (let i = 0; i < Math.abs(at); i++) {
    if (place + step < 0 || place + step >= size) step = -step;
    place += step;
  }
  return place;
}

Deno.test("gatherImages() gives every pixel by the definition of its move", () => {
  fc.assert(
    fc.property(
      fc.tuple(
        fc.integer({ min: 6, max: 9 }),
        fc.integer({ min: 6, max: 9 }),
        fc.constantFrom(1, 3),
      ),
      fc.array(fc.tuple(fc.nat(3), anyMove), { maxLength: 4 }),
      (shape, entries) => {
        const [height, width, channels] = shape;
        const size = height * width * channels;
        const stream = openStream(1, "init", "bytes");
        const pixels = Uint8Array.from(
          { length: 4 * size },
          () => stream.below(256),
        );
        const rows = Uint32Array.from(entries, ([row]) => row);
        const batch = gatherImages(
          { pixels },
          shape,
          rows,
          (i) => entries[i]![1],
        );
        const expected = entries.flatMap(([row, move]) =>
          Array.from({ length: size }, (_, i) => {
            const channel = i % channels;
            const x = Math.floor(i / channels) % width;
            const y = Math.floor(i / channels / width);
            const seen = [
              y - move.down,
              (move.flip ? width - 1 - x : x) - move.right,
            ] as const;
            const { top, left, side } = move.cutout;
            const isCut = y >= top && y < top + side && x >= left &&
              x < left + side;
            if (isCut) return 0;
            const isOutside = seen[0] < 0 || seen[0] >= height ||
              seen[1] < 0 || seen[1] >= width;
            if (isOutside && move.border === "black") return 0;
            const place = walk(seen[0], height) * width + walk(seen[1], width);
            const byte = pixels[row * size + place * channels + channel]!;
            return Math.fround(byte / 255);
          })
        );
        assertEquals([...batch], expected);
      },
    ),
    { numRuns: 100, seed: 1 },
  );
});
