import { assertEquals } from "@std/assert";
import { digestDataset } from "../../src/data/dataset.ts";
import { describeReading } from "../../src/data/folder/folder_reading.ts";
import { loadImageFolder } from "../../src/data/image_folder.ts";
import { assertRefused, fixture, inTempDir } from "./_files.ts";
import { writeGreys } from "./_write_images.ts";

Deno.test("loadImageFolder() leaves out what is no image, and counts it", () =>
  inTempDir(async (dir) => {
    for (const name of ["ant", "bee"]) {
      await writeGreys(`${dir}/${name}`, 4, { first: name === "ant" ? 1 : 5 });
    }
    const clean = await loadImageFolder(dir);
    assertEquals(describeReading(clean.reading!), []);
    for (const name of ["Thumbs.db", ".DS_Store", "._0.png", "README.txt"]) {
      await Deno.writeTextFile(`${dir}/ant/${name}`, "no image");
    }
    await Deno.writeTextFile(`${dir}/bee/Thumbs.db`, "no image");
    await Deno.writeTextFile(`${dir}/bee/labels.json`, "{}");
    await Deno.writeFile(`${dir}/bee/9.png`, new Uint8Array(0));
    await Deno.writeTextFile(`${dir}/desktop.ini`, "no image");
    await writeGreys(`${dir}/__MACOSX/ant`, 2);
    await writeGreys(`${dir}/bee/@eaDir/0.png`, 1);
    const dataset = await loadImageFolder(dir);
    assertEquals(digestDataset(dataset), digestDataset(clean));
    assertEquals(describeReading(dataset.reading!), [
      "left out 10 files: 2 Thumbs.db, 1 *.json, 1 *.txt, 1 .DS_Store, 1 @eaDir, 1 __MACOSX, 1 desktop.ini, 1 hidden, 1 of zero bytes",
    ]);
  }));

Deno.test("loadImageFolder() reads an image whatever its name", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/ant`, 2);
    await Deno.copyFile(fixture("images/rgb.png"), `${dir}/ant/readme.txt`);
    const { train, test } = await loadImageFolder(dir);
    assertEquals(train.rows + test.rows, 3);
  }));

Deno.test("loadImageFolder() lists every broken image, or skips and counts them", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/ant`, 5);
    const clean = await loadImageFolder(dir);
    const bytes = await Deno.readFile(fixture("images/rgb.png"));
    for (let i = 0; i < 22; i++) {
      await Deno.writeFile(
        `${dir}/ant/cut-${String(i).padStart(2, "0")}.png`,
        bytes.subarray(0, 60),
      );
    }
    const problem = (i: number) =>
      `"${dir}/ant/cut-${
        String(i).padStart(2, "0")
      }.png" is a PNG image that is damaged, cut off or of an unsupported kind (Insufficient image data in file)`;
    const first20 = Array.from({ length: 20 }, (_, i) => problem(i));
    await assertRefused(
      () => loadImageFolder(dir),
      [
        `"${dir}" has 22 images that cannot be read; "onBadImage" skip leaves them out:`,
        ...first20,
        "and 2 more",
      ].join("\n"),
    );
    const dataset = await loadImageFolder(dir, {
      reading: { onBadImage: "skip" },
    });
    assertEquals(describeReading(dataset.reading!), [
      "skipped 22 broken images:",
      ...first20.map((text) => `  ${text}`),
      "  and 2 more",
    ]);
    assertEquals(digestDataset(dataset), {
      ...digestDataset(clean),
      skippedImages: 22,
    });
  }));

Deno.test("loadImageFolder() skips no class away", () =>
  inTempDir(async (dir) => {
    await writeGreys(`${dir}/ant`, 2);
    await Deno.writeTextFile(`${dir}/ant/1.png`, "no image");
    const reading = { onBadImage: "skip" } as const;
    await assertRefused(
      () => loadImageFolder(dir, { reading }),
      `"${dir}/ant" must have at least 2 images, one to train on and one to test on, got 1`,
    );
    await Deno.writeTextFile(`${dir}/ant/0.png`, "no image");
    await assertRefused(
      () => loadImageFolder(dir, { reading }),
      `"${dir}" has 2 images that cannot be read:\n${
        [0, 1].map((i) =>
          `"${dir}/ant/${i}.png" must be a PNG, JPEG, GIF, WebP, AVIF, HEIC, BMP or TIFF image, got another format or a file that is cut off in its header`
        ).join("\n")
      }`,
    );
  }));
