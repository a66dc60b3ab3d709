import fc from "fast-check";

/** Numbers at the limits of lengths, counts and sizes. */
const extremes = [
  0,
  1,
  0x7f,
  0xff,
  0x7fff,
  0xffff,
  60_000,
  0x7fffffff,
  0x80000000,
  0xffffffff,
];

const anywhere = fc.nat({ max: 2 ** 31 - 1 });

/** Where an edit falls: half of the edits in the head, which names the format. */
const place = fc.oneof(fc.nat({ max: 63 }), anywhere);

const edit = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), bit: fc.nat({ max: 7 }) }),
  fc.record({
    kind: fc.constant("number" as const),
    value: fc.constantFrom(...extremes),
    width: fc.constantFrom(1, 2, 4, 8),
    isLittle: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("cut" as const) }),
  fc.record({
    kind: fc.constant("insert" as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant("remove" as const),
    length: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constant("splice" as const),
    from: anywhere,
    length: fc.integer({ min: 1, max: 256 }),
  }),
);

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/**
 * Damage to a file: bits flipped, numbers of 1 to 8 bytes set to extremes, its
 * end cut off, bytes inserted or removed, a part of it copied to another place;
 * one to four of these, one after another.
 */
export const byteEdits: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .array(fc.record({ place, edit }), { minLength: 1, maxLength: 4 })
  .map((edits) =>
    Object.assign(
      (bytes: Uint8Array) =>
        edits.reduce(
          (bytes, { place, edit }) =>
            bytes.length === 0 ? bytes : applyEdit(bytes, place, edit),
          bytes,
        ),
      { toString: () => JSON.stringify(edits) },
    )
  );

function applyEdit(
  bytes: Uint8Array,
  anywhere: number,
  edit: Edit,
): Uint8Array {
  const at = anywhere % bytes.length;
  const join = (...parts: Uint8Array[]) => {
    const all = new Uint8Array(parts.reduce((n, { length }) => n + length, 0));
    let to = 0;
    for (const part of parts) {
      all.set(part, to);
      to += part.length;
    }
    return all;
  };
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (edit.kind) {
    case "flip": {
      const flipped = bytes.slice();
      flipped[at]! ^= 1 << edit.bit;
      return flipped;
    }
    case "number": {
      const changed = bytes.slice();
      for (let i = 0; i < edit.width && at + i < bytes.length; i++) {
        const power = edit.isLittle ? i : edit.width - 1 - i;
        changed[at + i] = Math.floor(edit.value / 256 ** power) % 256;
      }
      return changed;
    }
    case "cut":
      return before.slice();
    case "insert":
      return join(before, edit.bytes, after);
    case "remove":
      return join(before, after.subarray(edit.length));
    case "splice": {
      const from = edit.from % bytes.length;
      return join(before, bytes.subarray(from, from + edit.length), after);
    }
  }
}

/** JSON as text that may stand in place of any value. */
const foreign = [
  "null",
  "true",
  "0",
  "-0",
  "-1",
  "0.5",
  "1e308",
  "1e999",
  "1e-400",
  "4294967296",
  "9007199254740993",
  '""',
  '"x"',
  '"\\ud800"',
  '"a\\nb\\u001b[31m"',
  "[]",
  "[null]",
  "{}",
  '{"__proto__":1}',
  '{"a":1,"a":{}}',
  "[" + "0,".repeat(99_999) + "0]",
  '"' + "long ".repeat(40_000) + '"',
  "[".repeat(20_000) + "]".repeat(20_000),
  '{"a":'.repeat(20_000) + "1" + "}".repeat(20_000),
];

const oddKeys = ["__proto__", "constructor", "toString", "", "a\nb", "0"];

const jsonEdit = fc.record({
  node: anywhere,
  change: fc.oneof(
    fc.record({
      kind: fc.constant("replace" as const),
      text: fc.constantFrom(...foreign),
    }),
    fc.record({
      kind: fc.constant("take" as const),
      from: anywhere,
    }),
    fc.record({
      kind: fc.constant("number" as const),
      value: fc.oneof(fc.double({ noNaN: true }), fc.integer()),
    }),
    fc.record({ kind: fc.constant("remove" as const) }),
    fc.record({
      kind: fc.constant("add" as const),
      key: fc.constantFrom(...oddKeys),
    }),
    fc.record({ kind: fc.constant("twice" as const) }),
  ),
});

/** A value of a JSON document and where it is. */
interface Node {
  holder: Record<string, unknown>;
  key: string;
}

function nodesOf(root: Record<string, unknown>): Node[] {
  const nodes: Node[] = [];
  const visit = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      nodes.push({ holder, key });
      visit(holder[key]);
    }
  };
  visit(root);
  return nodes;
}

/** Marks the place of text that no JavaScript value serialises to. */
const MARK = "\u0001";

/**
 * Damage to a JSON file: values replaced by other types, huge numbers, deep
 * nesting or other values of the file; fields removed, added or repeated; one to
 * three of these. Takes the value to change and, optionally, how to seal it
 * again after the change, so that a digest does not keep the checks after it
 * from being reached.
 */
export const jsonEdits: fc.Arbitrary<
  (value: unknown, seal?: (value: never) => unknown) => string
> = fc.array(jsonEdit, { minLength: 1, maxLength: 3 }).map((edits) =>
  Object.assign(
    (value: unknown, seal?: (value: never) => unknown): string => {
      let root: Record<string, unknown> = { root: structuredClone(value) };
      const texts: string[] = [];
      const mark = (text: string) => MARK + (texts.push(text) - 1) + MARK;
      for (const { node, change } of edits) {
        const nodes = nodesOf(root);
        if (nodes.length === 0) break;
        const { holder, key } = nodes[node % nodes.length]!;
        switch (change.kind) {
          case "replace":
            // Text that no value serialises to is put in at the end.
            holder[key] = change.text.length > 1000 ||
                /e999|-0$|"a":1,"a"|__proto__/.test(change.text)
              ? mark(change.text)
              : JSON.parse(change.text);
            break;
          case "take": {
            const other = nodes[change.from % nodes.length]!;
            holder[key] = structuredClone(other.holder[other.key]);
            break;
          }
          case "number":
            holder[key] = change.value;
            break;
          case "remove":
            // Not by the method of the list, which an added key may have replaced.
            if (Array.isArray(holder)) {
              Array.prototype.copyWithin.call(holder, Number(key), +key + 1);
              holder.length = Math.max(0, holder.length - 1);
            } else delete holder[key];
            break;
          case "add": {
            const into = holder[key];
            const isObject = typeof into === "object" && into !== null;
            Object.defineProperty(isObject ? into : holder, change.key, {
              value: 1,
              enumerable: true,
              configurable: true,
              writable: true,
            });
            break;
          }
          case "twice": {
            const field = JSON.stringify(key) + ":" +
              JSON.stringify(holder[key]);
            if (!Array.isArray(holder)) holder[key] = mark(`1,${field}`);
            break;
          }
        }
      }
      if (seal && typeof root.root === "object" && root.root !== null) {
        try {
          root = { root: seal(root.root as never) };
        } catch {
          // Too broken to be sealed.
        }
      }
      const text = JSON.stringify(root.root) ?? "";
      return text.replace(
        /"\\u0001(\d+)\\u0001"/g,
        (_, i) => texts[Number(i)]!,
      );
    },
    {
      toString: () =>
        JSON.stringify(
          edits,
          (_, v) => typeof v === "string" ? v.slice(0, 40) : v,
        ),
    },
  )
);
