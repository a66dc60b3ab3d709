import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { encodePng } from "../../fixtures/encode_png.ts";
import { UsageError } from "../../src/core/errors.ts";
import { decodeFitted } from "../../src/data/folder/decode_fitted.ts";
import {
  decodingLimit,
  openDecoders,
} from "../../src/data/folder/open_decoders.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { fixture, inTempDir } from "./_files.ts";

const how = {
  fit: { size: { height: 12, width: 16 }, imageFit: "crop" },
  ground: "white",
  orientation: "exif",
} as const;

const names = ["rgb.png", "rgb.jpg", "grey.tif", "cmyk.jpg", "still.gif"];

const read = (name: string) => Deno.readFile(fixture(`images/${name}`));

Deno.test("openDecoders() gives each file what decodeFitted() does, whatever the number of threads", async () => {
  const files = await Promise.all(names.map(read));
  const expected = await Promise.all(
    files.map((bytes, i) => decodeFitted(bytes, names[i]!, how)),
  );
  for (const threads of [1, 3]) {
    const decoders = openDecoders({ ...how, threads });
    try {
      const found = await Promise.all(
        Array.from({ length: 60 }, (_, i) => {
          const at = i % names.length;
          return decoders.decode(files[at]!, names[at]!);
        }),
      );
      found.forEach((pixels, i) =>
        assertEquals(pixels, expected[i % names.length])
      );
    } finally {
      decoders.close();
    }
  }
});

Deno.test("openDecoders() takes bytes that are part of a larger buffer and leaves them as they are", async () => {
  const bytes = await read("rgb.png");
  const larger = new Uint8Array(bytes.length + 20).fill(7);
  larger.set(bytes, 10);
  const part = larger.subarray(10, 10 + bytes.length);
  const decoders = openDecoders(how);
  try {
    assertEquals(
      await decoders.decode(part, "rgb.png"),
      await decodeFitted(bytes, "rgb.png", how),
    );
    assertEquals(part, bytes);
  } finally {
    decoders.close();
  }
});

Deno.test("openDecoders() ends a decoder that takes too long, and decodes all other files", async () => {
  const quick = await read("rgb.png");
  const slow = encodePng({
    width: 4096,
    height: 4096,
    pixels: new Uint8Array(4096 * 4096 * 3),
  });
  const decoders = openDecoders({
    ...how,
    threads: 1,
    limitMs: (pixels) => pixels > 2 ** 20 ? 200 : 60_000,
  });
  try {
    const expected = await decodeFitted(quick, "rgb.png", how);
    const started = performance.now();
    const [before, error, after, last] = await Promise.all([
      decoders.decode(quick, "rgb.png"),
      assertRejects(() => decoders.decode(slow, "slow.png"), UsageError),
      decoders.decode(quick, "rgb.png"),
      decoders.decode(quick, "rgb.png"),
    ]);
    const ms = performance.now() - started;
    assertEquals(
      error.message,
      '"slow.png" must be decoded within 0.2 s, the limit for images of its size, and was not',
    );
    for (const pixels of [before, after, last]) assertEquals(pixels, expected);
    const whole = performance.now();
    await decodeFitted(slow, "slow.png", how);
    assertLess(200, performance.now() - whole);
    assertLess(ms, 10_000);
  } finally {
    decoders.close();
  }
});

Deno.test("openDecoders() does not count the time in which a decoder is loaded, or downloaded at its first use", async () => {
  const [plain, tiff] = [await read("rgb.png"), await read("grey.tif")];
  /** Milliseconds of the first file and of the next that a thread decodes so. */
  const timesWith = async (limitMs: number) => {
    const decoders = openDecoders({
      ...how,
      threads: 1,
      limitMs: () => limitMs,
    });
    try {
      await decoders.decode(plain, "rgb.png");
      const times = [];
      for (const _ of ["first", "next"]) {
        const started = performance.now();
        await decoders.decode(tiff, "grey.tif");
        times.push(performance.now() - started);
      }
      return times;
    } finally {
      decoders.close();
    }
  };
  const [first, next] = await timesWith(60_000);
  assertLess(next! * 3, first!);
  await timesWith(first! / 2);
});

Deno.test("openDecoders() says what is wrong with a file, and goes on", async () => {
  const decoders = openDecoders({ ...how, threads: 1 });
  try {
    const cut = (await read("rgb.png")).subarray(0, 40);
    const error = await assertRejects(
      () => decoders.decode(cut, "cut.png"),
      UsageError,
    );
    assert(
      error.message.startsWith('"cut.png" is a PNG image that is damaged'),
    );
    assertEquals(
      (await decoders.decode(await read("rgb.jpg"), "x")).length,
      576,
    );
  } finally {
    decoders.close();
  }
});

Deno.test("decodingLimit() grows with the pixels, and no more beyond the largest image", () => {
  assertEquals(decodingLimit(0), 5000);
  assertEquals(decodingLimit(1_000_000), 7000);
  assertEquals(decodingLimit(2 ** 32), decodingLimit(2 ** 26));
});

Deno.test("loadImageFolder() reads more files than wait at a time in the order of their names", () =>
  inTempDir(async (dir) => {
    const files = await Promise.all(names.map(read));
    for (let i = 0; i < 300; i++) {
      const name = String(i).padStart(3, "0");
      await Deno.mkdir(`${dir}/class`, { recursive: true });
      await Deno.writeFile(`${dir}/class/${name}.png`, files[i % 5]!);
    }
    const { train, test } = await loadImageFolder(dir, {
      split: "images",
      reading: { imageSize: "12x16", imageFit: "crop" },
    });
    const expected = await Promise.all(
      files.map((bytes, i) => decodeFitted(bytes, names[i]!, how)),
    );
    for (const { paths, pixels } of [train, test]) {
      paths!.forEach((path, row) =>
        assertEquals(
          pixels.subarray(row * 576, (row + 1) * 576),
          expected[Number(/\d+/.exec(path)![0]) % 5],
          path,
        )
      );
    }
  }));
