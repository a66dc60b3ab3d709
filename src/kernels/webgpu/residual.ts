import { type TensorInfo, util } from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { WebgpuKernel } from "./kernel_host.ts";

/** A residual addition and relu in one pass, whatever the size of the shortcut. */
export const residualAdd: WebgpuKernel<"DupbenchResidualAdd"> = {
  name: "DupbenchResidualAdd",
  run(host, { inputs: { x, shortcut }, attrs: { stride, relu } }) {
    const y = host.output(x.shape);
    const isPlain = stride === 1 && util.arraysEqual(x.shape, shortcut.shape);
    const activated = relu
      ? "select(max(sum, Value()), sum, isNan(sum))"
      : "sum";
    if (isPlain) {
      elementwise(host, {
        key: `residualAdd_${relu}`,
        inputs: { x, shortcut },
        outputs: { y },
        code: `
fn element(i : i32) {
  let sum = x[i] + shortcut[i];
  y[i] = ${activated};
}`,
      });
      return y;
    }
    const vector = hasVectors(x, shortcut);
    elementwise(host, {
      key: `residualAddStrided_${relu}_${vector}`,
      scalar: !vector,
      inputs: { x, shortcut },
      outputs: { y },
      integers: sizes(x.shape, shortcut.shape, { stride, vector }),
      code: `
fn element(i : i32) {
  let pixel = i / uniforms.outer.z;
  let channel = i - pixel * uniforms.outer.z;
  let line = pixel / uniforms.outer.y;
  let image = line / uniforms.outer.x;
  let row = (line - image * uniforms.outer.x) * uniforms.outer.w;
  let column = (pixel - line * uniforms.outer.y) * uniforms.outer.w;
  var sum = x[i];
  if (channel < uniforms.inner.z) {
    sum += shortcut[((image * uniforms.inner.x + row) * uniforms.inner.y + column)
        * uniforms.inner.z + channel];
  }
  y[i] = ${activated};
}`,
    });
    return y;
  },
};

/** Its gradient for a shortcut of another size. */
export const shortcutGrad: WebgpuKernel<"DupbenchShortcutGrad"> = {
  name: "DupbenchShortcutGrad",
  run(host, { inputs: { dy }, attrs: { inputShape, stride } }) {
    if (util.sizeFromShape(dy.shape) === 0) return host.zeros(inputShape);
    const dx = host.output(inputShape);
    const vector = hasVectors(dy, dx);
    elementwise(host, {
      key: `shortcutGrad_${vector}`,
      scalar: !vector,
      inputs: { dy },
      outputs: { dx },
      integers: sizes(dy.shape, inputShape, { stride, vector }),
      code: `
fn element(i : i32) {
  let pixel = i / uniforms.inner.z;
  let channel = i - pixel * uniforms.inner.z;
  let line = pixel / uniforms.inner.y;
  let image = line / uniforms.inner.x;
  let place = vec2<i32>(line - image * uniforms.inner.x,
                        pixel - line * uniforms.inner.y);
  let taken = place / uniforms.outer.w;
  if (any(taken * uniforms.outer.w != place)) {
    dx[i] = Value();
    return;
  }
  dx[i] = dy[((image * uniforms.outer.x + taken.x) * uniforms.outer.y + taken.y)
      * uniforms.outer.z + channel];
}`,
    });
    return dx;
  },
};

/** Whether the channels of both can be read in fours. */
function hasVectors(a: TensorInfo, b: TensorInfo): boolean {
  return a.shape.at(-1)! % 4 === 0 && b.shape.at(-1)! % 4 === 0;
}

/** Height, width and channels of the branch, stride; the same of the shortcut. */
function sizes(
  outer: readonly number[],
  inner: readonly number[],
  { stride, vector }: { stride: number; vector: boolean },
) {
  const of = ([, height, width, channels]: readonly number[]) => [
    height!,
    width!,
    vector ? channels! / 4 : channels!,
    stride,
  ];
  return { outer: of(outer), inner: of(inner) };
}
