import { type Binding, type Program, textOf } from "./program.ts";

/**
 * A program that runs another on each element of its result as soon as it has
 * computed it.
 *
 * @param producer The program that `gives` a result.
 * @param consumer What is run on each element of it.
 * @param options `results`: the inputs of the consumer that are that result;
 * `isRead`: whether the result is stored as well, because others read it.
 * @returns The program; undefined if the consumer does more with the result than
 * read the element that it treats, or if their elements differ in type.
 */
export function mergePrograms(
  producer: Program,
  consumer: Program,
  { results, isRead }: { results: readonly string[]; isRead: boolean },
): Program | undefined {
  const { gives, values } = producer;
  const { each } = consumer;
  if (gives === undefined || each === undefined) return undefined;
  if (consumer.values !== values) {
    const scalars = values === "f32" ? each.ofScalars?.() : undefined;
    return scalars && mergePrograms(producer, scalars, { results, isRead });
  }
  const part = (producer.parts ?? 1) + 1;
  const rename = (name: string) => `${name}_${part}`;
  const given = results.reduce(
    (text, name) => text.replaceAll(accessAt(name, "i"), "given"),
    each.code,
  );
  const others = Object.keys(consumer.inputs)
    .filter((name) => !results.includes(name));
  const head = /^\s*fn element\(i : i32\) \{/;
  if (
    !head.test(given) || given.split(/\bfn /).length > 2 ||
    /\b(?:let|var) i\b/.test(given) ||
    results.some((name) => access(name).test(given))
  ) return undefined;
  const take = rename("take");
  const body = [...others, ...Object.keys(consumer.outputs)].reduce(
    (text, name) => text.replaceAll(access(name), `${rename(name)}[`),
    given.replaceAll(
      /\buniforms\.(\w+)/g,
      (_, name) => `uniforms.${rename(name)}`,
    ),
  ).replace(
    head,
    `fn ${take}(i : i32, given : Value) {${
      isRead ? ` ${gives}[i] = given;` : ""
    }`,
  );
  const outputs = Object.entries(producer.outputs)
    .filter(([name]) => isRead || name !== gives);
  return {
    key: [producer.key, consumer.key, isRead, ...results].join("+"),
    code: () =>
      `${textOf(producer).replaceAll(storeOf(gives), `${take}($1, $2);`)}
${body}`,
    inputs: {
      ...producer.inputs,
      ...renamed(consumer.inputs, others, rename),
    },
    outputs: {
      ...Object.fromEntries(outputs),
      ...renamed<Binding>(
        consumer.outputs,
        Object.keys(consumer.outputs),
        rename,
      ),
    },
    integers: {
      ...producer.integers,
      ...renamed(consumer.integers, Object.keys(consumer.integers), rename),
    },
    floats: {
      ...producer.floats,
      ...renamed(
        consumer.floats ?? {},
        Object.keys(consumer.floats ?? {}),
        rename,
      ),
    },
    threads: producer.threads,
    workgroups: producer.workgroups,
    ...(consumer.inPlace !== undefined && { inPlace: consumer.inPlace }),
    ...(values !== undefined && { values }),
    ...(consumer.gives !== undefined && { gives: rename(consumer.gives) }),
    parts: part,
  };
}

/** Where an array is read or stored, in WGSL. */
function access(name: string): RegExp {
  return new RegExp(`(?<![\\w.])${name}\\[`, "g");
}

function accessAt(name: string, index: string): RegExp {
  return new RegExp(`(?<![\\w.])${name}\\[${index}\\]`, "g");
}

/** The statements that store elements of an array: index, then value. */
function storeOf(name: string): RegExp {
  return new RegExp(
    `(?<![\\w.])${name}\\[([^\\]]+)\\] = ([^;]+);`,
    "g",
  );
}

function renamed<T>(
  fields: Readonly<Record<string, T>>,
  names: readonly string[],
  rename: (name: string) => string,
): Record<string, T> {
  return Object.fromEntries(names.map((name) => [rename(name), fields[name]!]));
}
