import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { fitImage } from "../../src/data/folder/fit_image.ts";
import { resizeArea } from "../../src/data/resize_area.ts";

const image = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.integer({ min: 1, max: 9 }),
)
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.uint8Array({
        minLength: width * height * 3,
        maxLength: width * height * 3,
      }),
    })
  );

Deno.test("resizeArea() leaves an image of the wanted size unchanged", () => {
  const pixels = Uint8Array.from({ length: 48 }, (_, i) => i * 5);
  assertEquals(
    resizeArea({ width: 4, height: 4, pixels }, { height: 4, width: 4 }),
    pixels,
  );
});

Deno.test("resizeArea() averages whole blocks and keeps channels separate", () => {
  // Two columns of red 10 and 30, green 0 and 255, over two equal lines.
  const line = [10, 0, 7, 30, 255, 7];
  const pixels = Uint8Array.from([...line, ...line]);
  assertEquals(
    resizeArea({ width: 2, height: 2, pixels }, { height: 1, width: 1 }),
    Uint8Array.of(20, 128, 7),
  );
});

Deno.test("resizeArea() is the mean over a common refinement of both grids", () => {
  // Each input pixel repeated `side` times is a grid both sizes divide.
  fc.assert(
    fc.property(image, fc.integer({ min: 1, max: 6 }), (source, side) => {
      const { width, height, pixels } = source;
      const resized = resizeArea(source, { height: side, width: side });
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          for (let c = 0; c < 3; c++) {
            let sum = 0;
            for (let v = y * height; v < (y + 1) * height; v++) {
              for (let u = x * width; u < (x + 1) * width; u++) {
                const row = Math.floor(v / side);
                const column = Math.floor(u / side);
                sum += pixels[(row * width + column) * 3 + c]!;
              }
            }
            // 0.5 is the rounding to a byte.
            assertLessOrEqual(
              Math.abs(
                sum / (width * height) - resized[(y * side + x) * 3 + c]!,
              ),
              0.5 + 1e-9,
            );
          }
        }
      }
    }),
  );
});

Deno.test("fitImage() crops without a black line where the part begins before the image by rounding", () => {
  const size = { height: 11, width: 11 };
  for (let side = 11; side < 200; side++) {
    for (const [width, height] of [[side, side + 3], [side + 3, side]]) {
      const fitted = fitImage({
        width: width!,
        height: height!,
        pixels: new Uint8Array(width! * height! * 3).fill(200),
      }, { size, imageFit: "crop", imageBackground: "white" });
      assertEquals(new Set(fitted), new Set([200]), `${width} x ${height}`);
    }
  }
});
