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
      `"${dir}/b" is absent`,
    );
    await assertRefused(
      () => readBytes(`${dir}/b`, { ...options, hint: 'see "dataDir"' }),
      `"${dir}/b" is absent: see "dataDir"`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a/b`, options),
      `"${dir}/a/b" has a file where a folder is needed`,
    );
    await assertRefused(
      () => readBytes(dir, options),
      `"${dir}" must be a file, got a folder`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a`, { limitBytes: 2 }),
      `"${dir}/a" must have at most 2 bytes, got 3`,
    );
    await assertRefused(
      () => readBytes(`${dir}/a`, { ...options, sha256: sha256OfAbc }),
      `"${dir}/a" must have the SHA-256 ${sha256OfAbc}, got a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9`,
    );
  }));
