#!/usr/bin/env python3
"""Repeats an exported cell in PyTorch, from the files of its export alone.

    python3 docs/repeat_cell.py FOLDER [--steps N]

FOLDER is one folder that `sweep --export-weights DIR` wrote: DIR/CELL-ID. The
script trains the network again from its initial weights, batch by batch, and
compares the loss of every step with the recorded one; then it classifies the
test images with the exported final weights and compares the outcome image by
image. Needs the standard library and torch. The files are described in
docs/cell-export.md, the random streams in docs/random-streams.md.
"""

import argparse
import hashlib
import json
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
        if begin == end:
            tensors[name] = torch.empty(entry["shape"], dtype=TYPES[entry["dtype"]])
            continue
        values = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]])
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
    states = []
    for key in keys:
        text = json.dumps(["dupbench", *key], separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).digest()
        states.append([int.from_bytes(digest[at : at + 4], "little") for at in (0, 4, 8, 12)])
    # Many streams advance side by side, as tensors; one is faster as integers.
    state = states[0] if len(keys) == 1 else torch.tensor(states, dtype=torch.int64).T
    drawn = []
    for _ in range(size):
        drawn.append((state[1] + state[3]) & MASK)
        state = next_state(*state)
    if len(keys) > 1:
        return torch.stack(drawn, 1).double() / 2**32
    return torch.tensor([drawn], dtype=torch.float64) / 2**32


def to_pixels(images, moves):
    """Bytes [b, h, w, c] as floats [b, c, h, w] in [0, 1], moved and mirrored."""
    pixels = (images.double() / 255).float().permute(0, 3, 1, 2)
    if moves is None:
        return pixels.contiguous()
    height, width = pixels.shape[2:]
    moved = torch.zeros_like(pixels)
    for i, (down, right, flip) in enumerate(moves.tolist()):
        padded = F.pad(pixels[i], (width, width, height, height))
        cut = padded[:, height - down : 2 * height - down, width - right : 2 * width - right]
        moved[i] = cut.flip(2) if flip else cut
    return moved


class Network(torch.nn.Module):
    """The layers of cell.json; parameters by their names in the safetensors files."""

    def __init__(self, layers, parameters):
        super().__init__()
        self.layers = layers
        self.values = {name: torch.nn.Parameter(value.clone()) for name, value in parameters.items()}

    def forward(self, images, dropout=None):
        factors = iter(dropout or ())
        return self.run(self.layers, images, dropout is not None, factors)

    def run(self, layers, x, training, factors):
        for layer in layers:
            x = self.step(layer, x, training, factors)
        return x

    def step(self, layer, x, training, factors):
        kind, get = layer["type"], lambda part: self.values.get(f"{layer['name']}.{part}")
        if kind == "conv":
            return F.conv2d(x, get("weight"), get("bias"), layer["stride"], layer["padding"])
        if kind == "dense":
            return F.linear(x, get("weight"), get("bias"))
        if kind == "batchNorm":
            mean, variance = get("running_mean").data, get("running_var").data
            return F.batch_norm(x, mean, variance, get("weight"), get("bias"), training,
                                layer["momentum"], layer["epsilon"])
        if kind in ("maxPool", "avgPool"):
            pool = F.max_pool2d if kind == "maxPool" else F.avg_pool2d
            return pool(x, layer["size"], layer["stride"])
        if kind == "residual":
            added = self.run(layer["shortcut"], x, training, factors)
            return self.run(layer["layers"], x, training, factors) + added
        if kind == "subsample":
            kept = x[:, :, :: layer["stride"], :: layer["stride"]]
            return F.pad(kept, (0, 0, 0, 0, 0, layer["channels"] - x.shape[1]))
        if kind == "dropout":
            return x * next(factors) if training and layer["rate"] > 0 else x
        return {"relu": F.relu, "flatten": lambda x: x.flatten(1),
                "globalAvgPool": lambda x: x.mean((2, 3)),
                "scale": lambda x: x * layer["factor"] + layer["offset"]}[kind](x)


def list_dropouts(layers):
    """Dropout layers in the order in which they run."""
    for layer in layers:
        if layer["type"] == "dropout" and layer["rate"] > 0:
            yield layer
        yield from list_dropouts(layer.get("layers", []))


def attack(network, images, labels, config, seed, keys):
    """PGD in the L-infinity ball: the images that adversarial training learns from."""
    epsilon, lowest = config["epsilon"], config.get("lowest", 0)
    current = images
    if config["randomStart"]:
        size = images[0].numel()
        noise = epsilon * (2 * uniforms([(seed, "attack", "train", *key) for key in keys], size) - 1)
        channels, height, width = images.shape[1:]
        shift = noise.float().reshape(-1, height, width, channels).permute(0, 3, 1, 2)
        current = project(images + shift, images, epsilon)
    for _ in range(config["steps"]):
        current = current.detach().requires_grad_()
        loss = -(F.log_softmax(network(current), 1) * labels).sum()
        (slope,) = torch.autograd.grad(loss, current)
        current = project(current.detach() + config["alpha"] * slope.sign(), images, epsilon)
        current = current.clamp(min=lowest)
    return current.detach()


def project(images, centre, epsilon):
    return (centre + (images - centre).clamp(-epsilon, epsilon)).clamp(0, 1)


def make_optimizer(network, config, constants):
    if config["name"] == "sgd":
        return torch.optim.SGD(network.parameters(), lr=config["learningRate"],
                               momentum=config["momentum"], weight_decay=config["weightDecay"])
    return torch.optim.Adam(network.parameters(), lr=config["learningRate"],
                            betas=(constants["beta1"], constants["beta2"]),
                            eps=constants["epsilon"], weight_decay=config["weightDecay"])


def repeat_training(folder, cell, steps):
    """Losses of the first steps, computed anew, in order."""
    config, seed = cell["config"], cell["config"]["seed"]
    network = Network(cell["layers"], read_safetensors(folder / "initial.safetensors"))
    optimizer = make_optimizer(network, config["optimizer"], cell["adam"])
    training = read_safetensors(folder / "training.safetensors")
    dropouts = list(list_dropouts(cell["layers"]))
    losses = []
    for line in open(folder / "batches.jsonl"):
        if len(losses) == steps:
            break
        batch = json.loads(line)
        slots = torch.tensor(batch["slots"])
        moves = torch.tensor(batch["moves"]).reshape(-1, 3) if "moves" in batch else None
        images = to_pixels(training["images"][training["imageRows"][slots].long()], moves)
        labels = F.one_hot(training["labels"][slots].long(), cell["classes"]).float()
        if "weights" in training:
            labels = labels * training["weights"][slots].unsqueeze(1)
        if config["training"]["name"] == "adversarial":
            keys = list(zip(batch["passes"], batch["slots"]))
            images = attack(network, images, labels, config["training"], seed, keys)
        dropout = None
        if rate > 0:
            hidden = cell["network"]["hidden"]
            drawn = uniforms([(seed, "dropout", batch["step"])], len(slots) * hidden)
            dropout = torch.where(drawn < rate, 0.0, 1 / (1 - rate)).float().reshape(-1, hidden)
        for group in optimizer.param_groups:
            group["lr"] = batch["learningRate"]
        loss = -(F.log_softmax(network(images, dropout), 1) * labels).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def classify_test(folder):
    """Whether the exported final weights classify each test image correctly."""
    network = Network(read_safetensors(folder / "final.safetensors"))
    test = read_safetensors(folder / "test.safetensors")
    images = to_pixels(test["images"], test.get("moves"))
    with torch.no_grad():
        found = torch.cat([network(part).argmax(1) for part in images.split(250)])
    return (found == test["labels"]).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=100, help="steps to repeat (default 100)")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="relative (default 1e-3)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cell = json.loads((options.folder / "cell.json").read_text())
    recorded = json.loads((options.folder / "losses.json").read_text())
    found = repeat_training(options.folder, cell, options.steps)
    worst = max(abs(a - b) / abs(b) for a, b in zip(found, recorded))
    print(f"{len(found)} steps: losses differ by at most {worst:.1e}, relative")
    clean = cell["outcome"]["test"] and cell["outcome"]["test"]["clean"]["bits"]
    wrong = 0
    if clean:
        right = classify_test(options.folder)
        bits = bin(int("1" + clean, 16))[3 : 3 + len(right)]
        wrong = sum(bit != str(int(is_right)) for bit, is_right in zip(bits, right))
        print(f"{len(right)} test images: {wrong} classified otherwise than recorded")
    sys.exit(0 if worst <= options.tolerance and wrong == 0 else 1)


if __name__ == "__main__":
    main()
