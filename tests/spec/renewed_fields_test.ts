import { assertEquals } from "@std/assert";
import {
  renewedFields,
  renewStudy,
  repeatableStudy,
} from "../../src/spec/renewed_fields.ts";
import { studySchema } from "../../src/spec/study.ts";

const plain = studySchema.parse({ name: "x" });
const folder = studySchema.parse({ name: "x", dataset: "folder" });

Deno.test("renewStudy() fills in what new studies do, where a field has an effect", () => {
  assertEquals(renewStudy(plain), { ...plain, batching: "full" });
  assertEquals(renewStudy(folder), {
    ...folder,
    batching: "full",
    split: "groups",
    imageSize: "common",
  });
});

Deno.test("repeatableStudy() says what recorded studies did that lack a field", () => {
  assertEquals(repeatableStudy(plain), { ...plain, batching: "partial-last" });
  assertEquals(repeatableStudy(folder), {
    ...folder,
    batching: "partial-last",
    split: "images",
    imageSize: "32",
  });
});

Deno.test("renewStudy() and repeatableStudy() leave what a study says", () => {
  for (const { current, recorded } of Object.values(renewedFields)) {
    assertEquals(current !== (recorded as string), true);
  }
  const said = [
    { ...folder, batching: "full", split: "images", imageSize: "48" },
    { ...folder, batching: "partial-last", split: "groups", imageSize: "32" },
  ] as const;
  for (const study of said) {
    assertEquals(renewStudy(study), study);
    assertEquals(repeatableStudy(study), study);
  }
});
