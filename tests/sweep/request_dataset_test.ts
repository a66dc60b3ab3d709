import { assertEquals } from "@std/assert";
import { parseStudy, studySchema } from "../../src/spec/study.ts";
import { requestDataset } from "../../src/sweep/request_dataset.ts";

Deno.test("requestDataset() reads a folder as recorded studies did where they do not say", () => {
  const recorded = studySchema.parse({ name: "x", dataset: "folder" });
  assertEquals(requestDataset(recorded, "photos"), {
    name: "folder",
    dataDir: "photos",
    split: "images",
    reading: { imageSize: "32" },
  });
});

Deno.test("requestDataset() reads a folder at its common size in a new study", () => {
  const { reading } = requestDataset(
    parseStudy({ name: "x", dataset: "folder" }),
    "photos",
  );
  assertEquals(reading, { imageSize: "common" });
});
