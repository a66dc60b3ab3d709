import { z } from "zod";

/** The fields of a schema, all optional and without defaults. */
export type GivenOnly<S extends z.ZodRawShape> = {
  [K in keyof S]: z.ZodOptional<WithoutDefault<S[K]>>;
};

type WithoutDefault<T> = T extends z.ZodDefault<infer Inner> ? Inner
  : T extends z.ZodOptional<infer Inner> ? Inner
  : T;

/**
 * Fields as flags that change a base: what is not given is absent. Help still
 * says their defaults, which are those of a base that is nothing else.
 */
export function givenOnly<S extends z.ZodRawShape>(shape: S): GivenOnly<S> {
  return Object.fromEntries(
    Object.entries(shape).map(([field, type]) => {
      const schema = type as z.ZodType;
      const meta = schema.meta() ?? {};
      if (!(schema instanceof z.ZodDefault)) {
        return [field, z.optional(schema).meta(meta)];
      }
      return [
        field,
        z.optional(schema.unwrap()).meta({
          ...meta,
          fallback: schema.def.defaultValue,
        }),
      ];
    }),
  ) as GivenOnly<S>;
}
