import { assertEquals } from "@std/assert";
import { readBytes } from "../../src/data/read_bytes.ts";
import { assertRefused, inTempDir } from "./_files.ts";

// FIPS 180-2, appendix B.1.
const sha256OfAbc =
  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

Deno.test("readBytes() gives a file of the limit's size with the right SHA-256", () =>
  inTempDir(async (dir) => {
    await Deno.writeTextFile(`${dir}/a`, "abc");
    assertEquals(
      await readBytes(`${dir}/a`, { limitBytes: 3, sha256: sha256OfAbc }),
      new TextEncoder().encode("abc"),
    );
  }));

Deno.test("readBytes() refuses absent, large, changed and no files by name", () =>
  inTempDir(async (dir) => {
    await Deno.writeTextFile(`${dir}/a`, "abd");
    const options = { limitBytes: 3 };
    await assertRefused(
      () => readBytes(`${dir}/b`, options),
      `Cannot read "${dir}/b" as it must be a readable file: current value is absent`,
    );
    await assertRefused(
      () => readBytes(`${dir}/b`, { ...options, hint: "see --data-dir" }),
      `Cannot read "${dir}/b" as it must be a readable file: current value is absent (see --data-dir)`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a/b`, options),
      `Cannot read "${dir}/a/b" as it must be a readable file: current value is not a directory`,
    );
    await assertRefused(
      () => readBytes(dir, options),
      `Cannot read "${dir}" as it must be a readable file: current value is a directory`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a`, { limitBytes: 2 }),
      `Cannot read "${dir}/a" as size must be at most 2 bytes: current value is 3`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a`, { ...options, sha256: sha256OfAbc }),
      `Cannot read "${dir}/a" as SHA-256 must be ${sha256OfAbc}: current value is a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9`,
    );
  }));
