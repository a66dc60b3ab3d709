import { assertEquals } from "@std/assert";
import { repeatCommand } from "../../src/results/repeat_command.ts";
import { provenance } from "./finished_cell.ts";

Deno.test("repeatCommand() leaves out the earlier sets, without which all cells run", () => {
  const repeat = (...command: string[]) =>
    repeatCommand({ ...provenance, command });
  const expected = "deno task sweep --study quick --jobs 2";
  assertEquals(
    repeat("sweep", "--study", "quick", "--reuse=a.json,b.json", "--jobs", "2"),
    expected,
  );
  assertEquals(
    repeat("sweep", "--study", "quick", "--jobs", "2", "--reuse", "a.json"),
    expected,
  );
  assertEquals(
    repeat("sweep", "--study", "quick", "--jobs", "2"),
    expected,
  );
});

Deno.test("repeatCommand() knows every command that writes result sets, and no other", () => {
  const repeat = (...command: string[]) =>
    repeatCommand({ ...provenance, command });
  assertEquals(
    [
      repeat("sweep", "-o", "a.json"),
      repeat("study", "my photos", "--epochs", "5"),
      repeat("merge", "1.json", "2.json"),
      repeat("rm", "-r", "."),
      repeat(),
    ],
    [
      "deno task sweep -o a.json",
      "deno task study 'my photos' --epochs 5",
      "deno task merge 1.json 2.json",
      null,
      null,
    ],
  );
});
