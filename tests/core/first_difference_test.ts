import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { canonicalJson } from "../../src/core/digest.ts";
import { firstDifference } from "../../src/core/first_difference.ts";

const json = fc.jsonValue({ maxDepth: 4 });

Deno.test("firstDifference() finds one exactly where canonical JSON differs", () => {
  fc.assert(fc.property(json, json, (a, b) => {
    const isSame = canonicalJson(a) === canonicalJson(b);
    assertEquals(firstDifference(a, b) === null, isSame);
    assertEquals(firstDifference(a, structuredClone(a)), null);
  }));
});

Deno.test("firstDifference() never shows two values that look equal", () => {
  const text = fc.string({ unit: fc.constantFrom("0", "f"), maxLength: 400 });
  fc.assert(fc.property(text, text, (a, b) => {
    fc.pre(a !== b);
    const { expected, got } = firstDifference({ bits: a }, { bits: b })!;
    assert(expected !== got, `${expected} twice`);
    for (const shown of [expected, got]) assert(shown.length <= 62, shown);
  }));
});

Deno.test("firstDifference() names the path, and both values as JSON", () => {
  const a = { n: 1, epochs: [{ loss: 2.3 }, { loss: 2.1 }], name: "x" };
  const cases: [unknown, [field: string, expected: string, got: string]][] = [
    [{ ...a, epochs: [{ loss: 2.3 }, { loss: 2.1000000000000005 }] }, [
      "epochs.1.loss",
      "2.1",
      "2.1000000000000005",
    ]],
    [{ ...a, epochs: [{ loss: 2.3 }] }, [
      "epochs.1",
      '{"loss":2.1}',
      "absent",
    ]],
    [{ ...a, more: null }, ["more", "absent", "null"]],
    [{ ...a, epochs: {} }, ["epochs", '[{"loss":2.3},{"loss":2.1}]', "{}"]],
    [{ ...a, name: 1, n: 2 }, ["n", "1", "2"]],
    [null, [
      "",
      '{"n":1,"epochs":[{"loss":2.3},{"loss":2.1}],"name":"x"}',
      "null",
    ]],
  ];
  for (const [b, [field, expected, got]] of cases) {
    assertEquals(firstDifference(a, b), { field, expected, got });
  }
});

Deno.test("firstDifference() takes -0 as 0 and undefined as absent, as JSON writes them", () => {
  assertEquals(firstDifference({ a: -0, b: undefined }, { a: 0 }), null);
  assertEquals(
    firstDifference({ a: undefined }, { a: null })!.expected,
    "absent",
  );
});

Deno.test("firstDifference() compares fields by their values, whatever their names", () => {
  const odd = JSON.parse('{"constructor":1,"__proto__":2,"toString":3}');
  assertEquals(firstDifference(odd, { ...odd }), null);
  assertEquals(firstDifference(odd, {}), {
    field: "constructor",
    expected: "1",
    got: "absent",
  });
  assertEquals(firstDifference({}, JSON.parse('{"__proto__":{}}')), {
    field: "__proto__",
    expected: "absent",
    got: "{}",
  });
});

Deno.test("firstDifference() shows where long values differ, not how they begin", () => {
  const bits = "f".repeat(250);
  const other = `${bits.slice(0, 200)}7${bits.slice(201)}`;
  assertEquals(firstDifference(bits, other), {
    field: "",
    // 20 characters before the first that differs.
    expected: `…${"f".repeat(60)}…`,
    got: `…${"f".repeat(20)}7${"f".repeat(39)}…`,
  });
});
