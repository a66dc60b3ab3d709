import { assertEquals } from "@std/assert";
import { openStream } from "../../src/core/stream.ts";
import { gatherImages, type PixelMove } from "../../src/data/gather_images.ts";
import { runPython, torchTest } from "../torch_available.ts";

const PADDING = 4;
const SHAPE = [7, 6, 3] as const;
const SIZE = 7 * 6 * 3;

/** Pads, crops and flips as PyTorch does; every pixel as a byte, in NHWC. */
const script = `
import json, sys, torch
import torch.nn.functional as F
given = json.load(sys.stdin)
padding, results = given["padding"], []
image = torch.tensor(given["pixels"], dtype=torch.float32).reshape(given["shape"])
image = image.permute(2, 0, 1)
height, width = image.shape[1:]
modes = {"black": "constant", "reflect": "reflect"}
for down, right, flip, border in given["moves"]:
    padded = F.pad(image, (padding,) * 4, mode=modes[border])
    top, left = padding - down, padding - right
    cut = padded[:, top : top + height, left : left + width]
    cut = torch.flip(cut, [2]) if flip else cut
    results.append(cut.permute(1, 2, 0).reshape(-1).int().tolist())
print(json.dumps(results))
`;

torchTest(
  "gatherImages() gives the crops and flips of PyTorch's constant and reflect padding, for every move",
  async () => {
    const stream = openStream(1, "init", "bytes");
    const pixels = Uint8Array.from({ length: SIZE }, () => stream.below(256));
    const offsets = Array.from(
      { length: 2 * PADDING + 1 },
      (_, i) => i - PADDING,
    );
    const moves = offsets.flatMap((down) =>
      offsets.flatMap((right) =>
        [false, true].flatMap((flip) =>
          (["black", "reflect"] as const).map((
            border,
          ): Omit<Required<PixelMove>, "cutout"> => (
            { down, right, flip, border }
          ))
        )
      )
    );
    const expected = await runPython(script, {
      padding: PADDING,
      shape: SHAPE,
      pixels: [...pixels],
      moves: moves.map(({ down, right, flip, border }) => [
        down,
        right,
        flip,
        border,
      ]),
    });
    assertEquals(expected.length, 324);
    const rows = new Uint32Array(moves.length);
    const batch = gatherImages({ pixels }, SHAPE, rows, (i) => moves[i]!);
    moves.forEach((move, i) => {
      const got = Array.from(
        batch.subarray(i * SIZE, (i + 1) * SIZE),
        (value) => Math.round(255 * value),
      );
      assertEquals(got, expected[i], JSON.stringify(move));
    });
  },
);
