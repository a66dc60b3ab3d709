// Copies of numbers of any type, in whole blocks.

/** Bytes that are copied at once: they stay in the cache. */
const most: i32 = 16384;

/**
 * y = x, each of its blocks so many times in a row.
 *
 * @param bytes Bytes of a block.
 */
export function repeatBlocks(x: usize, blocks: i32, bytes: i32, times: i32, y: usize): void {
  const total = bytes * times;
  const whole = <usize>(times & ~3) << 2, end = <usize>total;
  for (let i = 0; i < blocks; i++) {
    if (bytes == 4) {
      const value = v128.load32_splat(x);
      let at: usize = 0;
      for (; at < whole; at += 16) v128.store(y + at, value);
      for (; at < end; at += 4) v128.store32_lane(y + at, value, 0);
    } else {
      memory.copy(y, x, bytes);
      // What is written is the source of the next copy, which is twice as long.
      let done = bytes;
      while (done < total) {
        const count = min(min(done, total - done), max(bytes, most / bytes * bytes));
        memory.copy(y + <usize>done, y, count);
        done += count;
      }
    }
    x += bytes;
    y += total;
  }
}

/** Copies rows of so many bytes; rows begin `step` bytes after each other. */
export function copyRows(from: usize, fromStep: i32, rows: i32, bytes: i32, to: usize, toStep: i32): void {
  for (let i = 0; i < rows; i++) {
    copyBlock(to, from, bytes);
    from += fromStep;
    to += toStep;
  }
}

// @ts-ignore: decorator
@inline
function copyBlock(to: usize, from: usize, bytes: i32): void {
  if (bytes == 4) store<i32>(to, load<i32>(from));
  else memory.copy(to, from, bytes);
}

/** The first of the indices that is not in [0, size); 0, which is, if all are. */
export function findOutside(indices: usize, count: i32, size: i32): i32 {
  for (let i: usize = 0; i < <usize>count; i++) {
    const index = load<i32>(indices + (i << 2));
    if (<u32>index >= <u32>size) return index;
  }
  return 0;
}

/** y[rows, count] = x[rows, size] at the indices, in blocks of so many bytes. */
export function gatherBlocks(
  x: usize,
  rows: i32,
  size: i32,
  bytes: i32,
  indices: usize,
  count: i32,
  y: usize,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i: usize = 0; i < <usize>count; i++) {
      copyBlock(y, x + <usize>load<i32>(indices + (i << 2)) * bytes, bytes);
      y += bytes;
    }
    x += <usize>size * bytes;
  }
}
