#!/usr/bin/env python3
"""Repeats an exported cell in PyTorch, from the files of its export alone.

    python3 docs/repeat_cell.py FOLDER [--steps N | --all]

FOLDER is one folder that `sweep --export-weights DIR` wrote: DIR/CELL-ID. The script trains
the network again and compares the loss of every step with the recorded one; then it compares
how the exported final (and averaged) weights classify each test image. With --all it trains to
the end: losses drift apart after some hundred steps, as rounding does, so it then compares
those of the first 100 and the accuracy of the weights that it trained with the recorded one.
With --float64 it trains a second time in float64 and says how far both losses in float32, the
recorded ones and its own, are from those: which part of their difference is rounding. It does
so by itself where losses differ by more than the tolerance: then float64 decides.
Needs the standard library and torch.
Files are described in docs/cell-export.md, random streams in docs/random-streams.md.
"""

import argparse
import hashlib
import json
import struct
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

TYPES = {"F32": torch.float32, "I32": torch.int32, "U8": torch.uint8}
MASK = 0xFFFFFFFF


def read_safetensors(path):
    """Tensors of a safetensors file, by name."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + size + at for at in entry["data_offsets"])
        values = torch.empty(0, dtype=TYPES[entry["dtype"]])
        if begin < end:
            values = torch.frombuffer(bytearray(data[begin:end]), dtype=values.dtype)
        tensors[name] = values.reshape(entry["shape"])
    return tensors


def next_state(h0, l0, h1, l1):
    """One step of xoroshiro128+ in halves of 32 bits, on integers or tensors of them."""
    low, high = l1 ^ l0, h1 ^ h0
    return (
        ((h0 << 24 | l0 >> 8) ^ high ^ (high << 16 | low >> 16)) & MASK,
        ((l0 << 24 | h0 >> 8) ^ low ^ low << 16) & MASK,
        (low << 5 | high >> 27) & MASK,
        (high << 5 | low >> 27) & MASK,
    )


def uniforms(keys, size):
    """Draws of the streams with these keys: [len(keys), size], multiples of 2^-32 in [0, 1)."""
    texts = (json.dumps(["dupbench", *key], separators=(",", ":")) for key in keys)
    states = [struct.unpack("<4I", hashlib.sha256(text.encode()).digest()[:16]) for text in texts]
    # Many streams advance side by side, as tensors; one is faster as integers.
    state = states[0] if len(keys) == 1 else torch.tensor(states, dtype=torch.int64).T
    drawn = []
    for _ in range(size):
        drawn.append((state[1] + state[3]) & MASK)
        state = next_state(*state)
    return (torch.stack(drawn, 1) if len(keys) > 1 else torch.tensor([drawn])).double() / 2**32


def to_pixels(images, moves, config):
    """Bytes [b, h, w, c] as floats [b, c, h, w] in [0, 1], augmented as a cell's config says."""
    pixels = (images.double() / 255).float().permute(0, 3, 1, 2).contiguous()
    if moves is None:
        return pixels
    height, width = pixels.shape[2:]
    edge = config.get("padding", 4)
    padded = F.pad(pixels, (edge,) * 4, config.get("border", "constant"))
    moved = []
    for image, (down, right, flip, *square) in zip(padded, moves.tolist()):
        top, left = edge - down, edge - right
        cut = image[:, top : top + height, left : left + width]
        moved.append(cut.flip(2) if flip else cut)
        if square:
            rows, columns = (slice(max(at, 0), at + config["cutout"]) for at in square)
            moved[-1][:, rows, columns] = 0
    return torch.stack(moved)


def run(layers, values, x, training=None):
    """Layers of cell.json on images [b, c, h, w]; `training`: seed and step of a training step."""
    for layer in layers:
        kind, name = layer["type"], layer.get("name")
        weight, bias = values.get(f"{name}.weight"), values.get(f"{name}.bias")
        if kind == "conv":
            x = F.conv2d(x, weight, bias, layer["stride"], layer["padding"])
        elif kind == "dense":
            x = F.linear(x, weight, bias)
        elif kind == "batchNorm":
            running = values[f"{name}.running_mean"], values[f"{name}.running_var"]
            constants = layer["momentum"], layer["epsilon"]
            x = F.batch_norm(x, *running, weight, bias, training is not None, *constants)
        elif kind in ("maxPool", "avgPool"):
            pool = F.max_pool2d if kind == "maxPool" else F.avg_pool2d
            x = pool(x, layer["size"], layer["stride"])
        elif kind == "residual":
            inner = run(layer["layers"], values, x, training)
            x = inner + run(layer["shortcut"], values, x, training)
        elif kind == "subsample":
            kept = x[:, :, :: layer["stride"], :: layer["stride"]]
            x = F.pad(kept, (0, 0, 0, 0, 0, layer["channels"] - x.shape[1]))
        elif kind == "dropout":
            x = x * draw_dropout(layer, x, *training) if training and layer["rate"] else x
        else:
            x = {"relu": F.relu, "flatten": lambda x: x.flatten(1),
                 "globalAvgPool": lambda x: x.mean((2, 3)),
                 "scale": lambda x: x * layer["factor"] + layer["offset"]}[kind](x)
    return x


def draw_dropout(layer, x, seed, step):
    """Factors of a dropout layer; they are drawn in the order image, height, width, channel."""
    number, rate = layer["number"], layer["rate"]
    drawn = uniforms([(seed, "dropout", step, *([number] if number else []))], x.numel())
    factors = torch.where(drawn < rate, 0.0, 1 / (1 - rate)).float()
    return factors.reshape(len(x), *layer["drawn"]).permute(0, 3, 1, 2).reshape(x.shape)


def attack(network, images, labels, config, seed, keys):
    """PGD in the L-infinity ball, or N-FGSM: the images that adversarial training learns from."""
    epsilon, current = config["epsilon"], images
    radius = epsilon * config.get("noise", 1)
    if config["name"] == "n-fgsm":  # One step from larger noise, in a ball that holds every image.
        epsilon, config = 1, {**config, "randomStart": True, "steps": 1}
    project = lambda x: (images + (x - images).clamp(-epsilon, epsilon)).clamp(0, 1)
    if config["randomStart"]:
        channels, height, width = images.shape[1:]
        drawn = uniforms([(seed, "attack", "train", *key) for key in keys], images[0].numel())
        shift = (radius * (2 * drawn - 1)).float().reshape(-1, height, width, channels)
        current = project(images + shift.permute(0, 3, 1, 2))
    for _ in range(config["steps"]):
        current = current.detach().requires_grad_()
        loss = -(F.log_softmax(run(*network, current), 1) * labels).sum()
        (slope,) = torch.autograd.grad(loss, current)
        current = project(current.detach() + config["alpha"] * slope.sign())
        current = current.clamp(min=config.get("lowest", 0))
    return current.detach()


def make_optimizer(spec, adam, named):
    """The optimizer of a config: each parameter has its decay, and a factor of the rate."""
    groups = []
    for name, value in named:
        decays = value.ndim > 1 or spec.get("decayOn") != "weights"
        factor = spec.get("biasRate", 1) if name.endswith(".bias") else 1
        group = {"params": [value.requires_grad_()], "factor": factor}
        groups.append(group | {"weight_decay": spec["weightDecay"] if decays else 0})
    if spec["name"] == "sgd":
        momentum, nesterov = spec["momentum"], spec.get("nesterov", False)
        return torch.optim.SGD(groups, spec["learningRate"], momentum, nesterov=nesterov)
    make = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[spec["name"]]
    return make(groups, spec["learningRate"], (adam["beta1"], adam["beta2"]), adam["epsilon"])


def repeat_training(folder, cell, steps, dtype=torch.float32):
    """Losses of the first steps, computed anew, the weights after them, and their averages."""
    config, seed = cell["config"], cell["config"]["seed"]
    layers, values = cell["layers"], read_safetensors(folder / "initial.safetensors")
    values = {name: value.to(dtype) for name, value in values.items()}
    named = [(name, values[name]) for name in cell["trained"]]
    optimizer = make_optimizer(config["optimizer"], cell["adam"], named)
    smoothing = config.get("labelSmoothing", 0)
    training = read_safetensors(folder / "training.safetensors")
    losses, average = [], {name: value.detach().clone() for name, value in values.items()}
    for line in (folder / "batches.jsonl").read_text().splitlines()[:steps]:
        batch = json.loads(line)
        slots = torch.tensor(batch["slots"])
        moves = torch.tensor(batch["moves"]).reshape(len(slots), -1) if "moves" in batch else None
        images = training["images"][training["imageRows"][slots].long()]
        images = to_pixels(images, moves, config["augmentation"]).to(dtype)
        labels = F.one_hot(training["labels"][slots].long(), cell["classes"]).to(dtype)
        labels = labels * (training["weights"][slots, None] if "weights" in training else 1)
        if config["training"]["name"] != "standard":
            keys = list(zip(batch["passes"], batch["slots"]))
            images = attack((layers, values), images, labels, config["training"], seed, keys)
        for group in optimizer.param_groups:
            group["lr"] = batch["learningRate"] * group["factor"]
        labels = (1 - smoothing) * labels + smoothing * labels.mean(1, keepdim=True)
        scores = run(layers, values, images, (seed, batch["step"]))
        loss = -(F.log_softmax(scores, 1) * labels).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % 100 == 0:
            print(f"step {len(losses)}: loss {losses[-1]:.4f}", file=sys.stderr)
        decay = min(config.get("averageDecay", 0), len(losses) / (9 + len(losses)))
        for name, value in values.items():
            average[name].lerp_(value.detach(), 1 - decay)
    return losses, values, average


def classify_test(folder, cell, values, flip=False):
    """Whether weights classify each test image correctly, 1 or 0."""
    test = read_safetensors(folder / "test.safetensors")
    images = to_pixels(test["images"], test.get("moves"), cell["config"]["augmentation"])
    layers = cell["layers"]
    with torch.no_grad():
        classify = lambda x: torch.cat([run(layers, values, part) for part in x.split(250)])
        scores = (classify(images) + classify(images.flip(3))) / 2 if flip else classify(images)
    return (scores.argmax(1) == test["labels"]).int().tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=100, help="steps to repeat (default 100)")
    parser.add_argument("--all", action="store_true", help="repeat all steps")
    parser.add_argument("--float64", action="store_true", help="repeat in float64, too")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="relative (default 1e-3)")
    parser.add_argument("--points", type=float, default=0.7, help="of accuracy (default 0.7)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = options.folder
    cell = json.loads((folder / "cell.json").read_text())
    recorded = json.loads((folder / "losses.json").read_text())
    steps = len(recorded) if options.all else options.steps
    found, values, average = repeat_training(folder, cell, steps)
    compared = list(zip(found, recorded))[: 100 if options.all else None]
    worst = max(abs(a - b) / abs(b) for a, b in compared)
    ok = worst <= options.tolerance
    print(f"{len(compared)} steps: losses differ by at most {worst:.1e}, relative")
    if options.float64 or not ok:
        exact, *_ = repeat_training(folder, cell, len(compared), torch.float64)
        of = [[abs(a - b) / abs(b) for a, b in zip(losses, exact)] for losses in (recorded, found)]
        for name, errors in zip(("recorded losses", "those of float32"), of):
            print(f"from float64, {name} differ by at most {max(errors):.1e}, relative")
        ok = ok or max(of[0]) <= options.tolerance
    outcome = cell["outcome"]
    read = lambda which: read_safetensors(folder / f"{which}.safetensors")
    if "averaged" in outcome and not options.all and len(found) == len(recorded):
        exported = read("averaged")
        distance = lambda name: (average[name] - exported[name]).norm() / exported[name].norm()
        largest = max(map(float, map(distance, exported)))
        print(f"averaged weights differ by at most {largest:.1e}, relative")
        ok = ok and largest <= options.tolerance
    wrong, apart = 0, 0
    for which in ("final", "averaged", "best"):
        of = outcome if which == "final" else outcome.get(which)
        for score in ("clean", "flipped") if of and of["test"] else ():
            if score not in of["test"]:
                continue
            bits, flip = of["test"][score]["bits"], score == "flipped"
            right = classify_test(folder, cell, read(which), flip)
            known = [int(bit) for bit in bin(int("1" + bits, 16))[3 : 3 + len(right)]]
            more = sum(map(int.__ne__, known, right))
            name = f"{which} weights, mirror images" if flip else f"{which} weights"
            print(f"{len(right)} test images, {name}: {more} classified otherwise than recorded")
            wrong += more
            if options.all and which != "best":
                own = classify_test(folder, cell, values if which == "final" else average, flip)
                here, there = (100 * sum(bits) / len(bits) for bits in (own, known))
                print(f"{name} trained here: {here:.2f} % correct, recorded {there:.2f} %")
                apart = max(apart, abs(here - there))
    raise SystemExit(0 if ok and wrong == 0 and apart <= options.points else 1)


if __name__ == "__main__":
    main()
