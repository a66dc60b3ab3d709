/** Planes that strips read. */
export interface StripSource {
  /** What the functions are called after. */
  readonly name: string;
  /** The array of their numbers, channels last. */
  readonly array: string;
  /** Whether four channels are read at once. */
  readonly vector: boolean;
  /** Whether it is a pooled gradient, spread to the pixels in `winners`. */
  readonly isPooled: boolean;
  /** The uniforms of height and width, and of channels. */
  readonly size: string;
  readonly channels: string;
}

/**
 * Functions, in WGSL, that begin with the name: `Line(image : i32, y : i32)` and
 * `Column(x : i32)` return places of a line and a column, `Load(line, column,
 * channel : i32)` reads a pixel, and `Take(loaded, line, column)` gives its value,
 * `vec4<f32>` or `f32`. What a pooled gradient loads is the same for lines, and
 * for columns, 2n and 2n + 1.
 */
export function stripSource(source: StripSource): string {
  const { name, array, vector, isPooled, size, channels } = source;
  if (isPooled) {
    return `
struct ${name}Pooled { slope : vec4<f32>, won : vec4<i32> }
fn ${name}Line(image : i32, y : i32) -> vec2<i32> {
  let half = ${size} / 2;
  return vec2<i32>((image * half.x + (y >> 1u)) * half.y * ${channels},
                   (y & 1) << 1u);
}
fn ${name}Column(x : i32) -> vec2<i32> {
  return vec2<i32>((x >> 1u) * ${channels}, x & 1);
}
fn ${name}Load(line : vec2<i32>, column : vec2<i32>, channel : i32)
    -> ${name}Pooled {
  let at = (line.x + column.x + channel) >> 2u;
  let won = vec4<i32>(winners[at]) >> vec4<u32>(0u, 8u, 16u, 24u);
  return ${name}Pooled(${array}[at], won & vec4<i32>(255));
}
fn ${name}Take(loaded : ${name}Pooled, line : vec2<i32>, column : vec2<i32>)
    -> vec4<f32> {
  let place = line.y + column.y + 1;
  return select(vec4<f32>(), loaded.slope, loaded.won == vec4<i32>(place));
}`;
  }
  const [type, shift] = vector ? ["vec4<f32>", 2] : ["f32", 0];
  return `
fn ${name}Line(image : i32, y : i32) -> i32 {
  return (image * ${size}.x + y) * ${size}.y * ${channels};
}
fn ${name}Column(x : i32) -> i32 { return x * ${channels}; }
fn ${name}Load(line : i32, column : i32, channel : i32) -> ${type} {
  return ${array}[(line + column + channel) >> ${shift}u];
}
fn ${name}Take(loaded : ${type}, line : i32, column : i32) -> ${type} {
  return loaded;
}`;
}
