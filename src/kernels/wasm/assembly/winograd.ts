// Winograd's F(4x4, 3x3) (Lavin and Gray 2016, arXiv:1509.09308, sec. 4.1 and
// 4.3): a 3x3 convolution of stride 1 with 36 products for each tile of 16
// outputs, where the direct sum takes 144. With y = A'[(G g) * (B' d)] in one
// dimension, the filter gradient is the transposed form, G'[(A dy) * (B' d)].
//
// The forward pass uses F(2x2, 3x3): 16 products for 4 outputs. There pooling
// decides between neighbours, and photographs have flat areas, where equal
// windows give equal outputs, and the first of them wins. F(2x2) keeps such ties
// to the bit: its transform of a flat line is (0, 2v, 0, 0), without rounding.
// F(4x4) rounds, and would let rounding errors choose the winners.
//
// A NaN or infinity is never lost: an entry that the direct sum uses enters at
// least one transformed entry with a factor other than zero, and so the output.
// It may spread over its tile. Rounding, measured in the layers of the models:
// 0.9e-6 to 1.8e-6 of the norm; plain float32 sums have 0.1e-6 to 1.1e-6.
//
// Layouts: frames hold four channels per pixel, one frame after another, so that
// neighbours are a constant distance apart. Transformed images and products are
// 36 planes of 32 tiles by channels, one cache line more than a power of two
// apart, so that the entries of a tile do not fall into one set of the cache.
import { aligned, Geometry } from "./geometry";
import { splatOf } from "./lanes";
import { microRows, microRunsNarrow } from "./micro";
import { filterPlaneBytes, panelWidth, winogradFilter } from "./winograd_filter";
import { frameSource, padded, planeBytes, planesBytes, tiledBytes, TILES } from "./winograd_frame";
import { inputTile, outputTile, smallInputTile, smallOutputPool, smallOutputTile } from "./winograd_tiles";

/** Bytes of transformed and packed filters. */
// @ts-ignore: decorator
@inline
function filterBytes(g: Geometry): usize {
  return 36 * filterPlaneBytes(g.inChannels, g.outChannels);
}

/** Bytes for either the filters on their way into panels or the planes. */
// @ts-ignore: decorator
@inline
function workBytes(g: Geometry): usize {
  const filters = (<usize>(36 * g.inChannels * g.outChannels) << 2) + 288;
  return max(filters, planesBytes(g.inChannels, g.outChannels));
}

/** Bytes of scratch that `winogradConvolve` needs. */
export function winogradScratch(g: Geometry, side: i32): i32 {
  return <i32>(aligned(filterBytes(g)) + aligned(tiledBytes(g, g.inChannels, side, 2)) + workBytes(g));
}

/** Copies the part of a tile, 16 bytes per pixel and 64 per row, that lies inside its image. */
function storePart(square: usize, rows: i32, columns: i32, channels: i32, out: usize, width: i32, pixel: usize): void {
  for (let i = 0; i < rows; i++) {
    let at = out;
    for (let j = 0; j < columns; j++) {
      const from = square + (<usize>(4 * i + j) << 4);
      if (channels == 4) v128.store(at, v128.load(from));
      else memory.copy(at, from, <usize>channels << 2);
      at += pixel;
    }
    out += <usize>width * pixel;
  }
}

/**
 * Convolves a batch with filters [3, 3, in, out], stride 1.
 *
 * @param side Outputs along the side of a tile, 2 or 4.
 * @param source Images, or gradients of outputs if `flipped`.
 * @param winners 0, or the winners of pooling: then `source` is the gradient of
 * the pooled images, spread to full size on the way in.
 * @param flipped For the input gradient: the filters turned by half a circle,
 * with input and output exchanged; `g` is then that of the gradient.
 * @param outWinners 0, or where the winners of pooling go: then `side` is 2, `bias`
 * is added and relu and 2x2 pooling are applied on the way out.
 * @param scratch `winogradScratch` bytes.
 */
export function winogradConvolve(
  g: Geometry,
  side: i32,
  source: usize,
  winners: usize,
  filter: usize,
  flipped: bool,
  bias: usize,
  out: usize,
  outWinners: usize,
  scratch: usize,
): void {
  const batch = g.batchSize, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const top = g.padTop, left = g.padLeft;
  const panels = scratch;
  const frame = panels + aligned(filterBytes(g));
  const work = frame + aligned(tiledBytes(g, channels, side, 2));
  winogradFilter(side, filter, flipped ? outChannels : channels, flipped ? channels : outChannels, flipped, panels, work);
  memory.fill(frame, 0, tiledBytes(g, channels, side, 2));
  const isSmall = side == 2;
  const points = <usize>((side + 2) * (side + 2));
  const tilesY = (outHeight + side - 1) / side;
  const tilesX = (outWidth + side - 1) / side;
  const tiles = tilesY * tilesX;
  const total = batch * tiles;
  const frameWidth = side * tilesX + 2;
  const frameHeight = side * tilesY + 2;
  const inner = padded(channels);
  const pixel = <usize>inner << 2;
  const frameRow = <usize>frameWidth << 4;
  const quad = <usize>frameHeight * frameRow;
  const columns = (outChannels + 7) & ~7;
  const plane = planeBytes(inner);
  const outPlane = planeBytes(columns);
  const outPixel = <usize>outChannels << 2;
  const square = work + 576;
  const filterPlane = filterPlaneBytes(channels, outChannels);
  const zero = square + 256;
  const planes = work + 1024;
  const products = planes + points * plane;
  store<i32>(zero, 0);
  const two = splatOf(work, 2), four = splatOf(work, 4), five = splatOf(work, 5), eight = splatOf(work, 8);
  let framed = -1;
  for (let begin = 0; begin < total; begin += TILES) {
    const count = min(TILES, total - begin);
    for (let t = 0; t < count; t++) {
      const image = (begin + t) / tiles;
      const tile = begin + t - image * tiles;
      if (image != framed) {
        frameSource(source, winners, image, height, width, channels, frame, frameHeight, frameWidth, top, left);
        framed = image;
      }
      const ty = tile / tilesX;
      let corner = frame + <usize>(side * ty) * frameRow + (<usize>(side * (tile - ty * tilesX)) << 4);
      let target = planes + <usize>t * pixel;
      for (let c = 0; c < inner; c += 4) {
        if (isSmall) smallInputTile(corner, frameRow, target, plane);
        else inputTile(corner, frameRow, target, plane, two, four, five);
        corner += quad;
        target += 16;
      }
    }
    for (let p: usize = 0; p < points; p++) {
      let panel = panels + p * filterPlane;
      if (panelWidth(outChannels) == 4) {
        let row = planes + p * plane;
        let target = products + p * outPlane;
        for (let t = 0; t < count; t += 8) {
          microRunsNarrow(row, pixel, zero, 1, channels, panel, target);
          row += 8 * pixel;
          target += 256;
        }
        continue;
      }
      for (let j: usize = 0; j < <usize>columns; j += 8) {
        let row = planes + p * plane;
        let target = products + p * outPlane + (j << 2);
        // Rows beyond `count` hold an earlier chunk's tiles; none is read.
        for (let t = 0; t < count; t += 4) {
          microRows(row, pixel, channels, panel, target, <usize>columns << 2);
          row += 4 * pixel;
          target += <usize>columns << 4;
        }
        panel += <usize>channels << 5;
      }
    }
    for (let t = 0; t < count; t++) {
      const image = (begin + t) / tiles;
      const tile = begin + t - image * tiles;
      const y = tile / tilesX * side;
      const x = tile % tilesX * side;
      const inY = min(side, outHeight - y);
      const inX = min(side, outWidth - x);
      for (let c = 0; c < outChannels; c += 4) {
        const from = products + (<usize>(t * columns + c) << 2);
        if (outWinners != 0) {
          // Blocks have even sides and go by tiles of two: one window each.
          const at = ((image * (outHeight >> 1) + (y >> 1)) * (outWidth >> 1) + (x >> 1)) * outChannels + c;
          smallOutputPool(from, outPlane, bias + (<usize>c << 2), out + (<usize>at << 2), outWinners + at);
        } else {
          const isWhole = inY == side && inX == side && outChannels - c >= 4;
          const at = out + <usize>((image * outHeight + y) * outWidth + x) * outPixel + (<usize>c << 2);
          const target = isWhole ? at : square;
          const row = isWhole ? <usize>outWidth * outPixel : 64;
          const step = isWhole ? outPixel : 16;
          if (isSmall) smallOutputTile(from, outPlane, target, row, step);
          else outputTile(from, outPlane, target, row, step, two, four, eight);
          if (!isWhole) storePart(square, inY, inX, min(4, outChannels - c), at, outWidth, outPixel);
        }
      }
    }
  }
}
