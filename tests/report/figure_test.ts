import { assert, assertEquals } from "@std/assert";
import { type Figure, nameApart } from "../../src/report/figure.ts";

Deno.test("nameApart() gives drawings names that every file system takes, each its own", () => {
  const named = nameApart();
  const long = "study-of-many-coordinates-".repeat(12);
  const panel = (id: string) => ({
    id,
    title: id,
    alt: "",
    inline: "",
    standalone: "",
  });
  const figure: Figure = {
    id: long,
    heading: "",
    caption: "",
    panels: [`${long}a`, `${long}b`, "short", "short"].map(panel),
    table: { caption: "", head: [], rows: [] },
  };
  const ids = named(figure).panels.map(({ id }) => id);
  assertEquals(new Set(ids).size, 4);
  assertEquals(ids.slice(2), ["short", "short-2"]);
  // With ".svg" and the ending of an unfinished file.
  assert(ids.every((id) => id.length < 200), ids.join());
});
