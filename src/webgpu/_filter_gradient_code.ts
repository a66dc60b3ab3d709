/** Rows and columns of the result, and positions, that a workgroup holds. */
export const tile = 32;

/**
 * One slice of the filter gradient as a matrix product `Aᵀ·B`: A holds, for
 * each position, the input under every (filter row, filter column, channel);
 * B the output gradient. A workgroup of 8x8 threads computes 32x32 elements,
 * 16 a thread, and loads 32 positions at a time. Expects the uniforms that
 * `conv2dBackpropFilter` sets.
 */
export const filterGradientCode = `
  var<workgroup> a : array<array<f32, ${tile}>, ${tile}>;
  var<workgroup> b : array<array<f32, ${tile}>, ${tile}>;

  fn main() {
    let rows = uniforms.outShape.y;
    let columns = uniforms.outShape.z;
    let thread = i32(localIndex);

    // To load, a thread takes one column of each tile, half of its positions.
    let lane = thread % ${tile};
    let half = thread / ${tile} * ${tile / 2};
    let loadRow = i32(workgroupId.y) * ${tile} + lane;
    let loadColumn = i32(workgroupId.x) * ${tile} + lane;
    let channel = loadRow % uniforms.inChannels;
    let tap = loadRow / uniforms.inChannels;
    let offset = uniforms.dilations
        * vec2<i32>(tap / uniforms.filterWidth, tap % uniforms.filterWidth)
        - uniforms.pads;

    // To multiply, it takes 4 rows and 4 columns of the result.
    let row = thread / 8 * 4;
    let column = thread % 8 * 4;
    var sum0 = vec4<f32>(0.0);
    var sum1 = vec4<f32>(0.0);
    var sum2 = vec4<f32>(0.0);
    var sum3 = vec4<f32>(0.0);

    let first = i32(workgroupId.z) * uniforms.slice;
    let last = min(first + uniforms.slice, uniforms.positions);
    for (var start = first; start < last; start += ${tile}) {
      var position = start + half;
      let line = position / uniforms.outSize.y;
      var image = line / uniforms.outSize.x;
      var out = vec2<i32>(line % uniforms.outSize.x, position % uniforms.outSize.y);
      for (var k = half; k < half + ${tile / 2}; k++) {
        var aValue = 0.0;
        var bValue = 0.0;
        if (position < last) {
          let at = out * uniforms.steps + offset;
          if (loadRow < rows && all(at >= vec2<i32>(0)) && all(at < uniforms.inSize)) {
            aValue = x[dot(vec4<i32>(image, at, channel), uniforms.xStrides)];
          }
          if (loadColumn < columns) {
            bValue = dy[dot(vec4<i32>(image, out, loadColumn), uniforms.dyStrides)];
          }
        }
        a[k][lane] = aValue;
        b[k][lane] = bValue;
        position++;
        out.y++;
        if (out.y == uniforms.outSize.y) {
          out.y = 0;
          out.x++;
          if (out.x == uniforms.outSize.x) {
            out.x = 0;
            image++;
          }
        }
      }
      workgroupBarrier();
      for (var k = 0; k < ${tile}; k++) {
        let right = vec4<f32>(
            b[k][column], b[k][column + 1], b[k][column + 2], b[k][column + 3]);
        sum0 += a[k][row] * right;
        sum1 += a[k][row + 1] * right;
        sum2 += a[k][row + 2] * right;
        sum3 += a[k][row + 3] * right;
      }
      workgroupBarrier();
    }

    let sums = array<vec4<f32>, 4>(sum0, sum1, sum2, sum3);
    for (var i = 0; i < 4; i++) {
      let outRow = i32(workgroupId.y) * ${tile} + row + i;
      let outColumn = i32(workgroupId.x) * ${tile} + column;
      let line = (i32(workgroupId.z) * rows + outRow) * columns;
      for (var j = 0; j < 4; j++) {
        if (outRow < rows && outColumn + j < columns) {
          result[line + outColumn + j] = sums[i][j];
        }
      }
    }
  }
`;

/** Adds the slices of a filter gradient, first to last. */
export const partialSumCode = `
  fn main(index : i32) {
    if (index < uniforms.size) {
      var sum = 0.0;
      for (var i = 0; i < uniforms.slices; i++) {
        sum += partial[i * uniforms.size + index];
      }
      result[index] = sum;
    }
  }
`;
