"""Trains blocks of ordinary networks in PyTorch on one thread.

Reads the name of a block from each line and answers with the milliseconds of a
processor that one training step took: forward, backward and an update by gradient
descent.
"""

import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)


class Residual(nn.Module):
    """x + inner(x), then relu if asked for."""

    def __init__(self, inner, relu):
        super().__init__()
        self.inner = inner
        self.relu = relu

    def forward(self, x):
        y = x + self.inner(x)
        return torch.relu(y) if self.relu else y


class Recurrent(nn.Module):
    """The last output of an LSTM, and a dense layer."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.dense = nn.Linear(128, 10)

    def forward(self, x):
        return self.dense(self.lstm(x)[0][:, -1])


def conv(channels, out, size, groups=1):
    return nn.Conv2d(channels, out, size, padding=size // 2, groups=groups, bias=False)


mobile = Residual(
    nn.Sequential(
        conv(32, 64, 1), nn.BatchNorm2d(64), nn.ReLU6(),
        conv(64, 64, 3, groups=64), nn.BatchNorm2d(64), nn.ReLU6(),
        conv(64, 32, 1), nn.BatchNorm2d(32),
    ),
    relu=False,
)
resnet = Residual(
    nn.Sequential(
        conv(64, 64, 3), nn.BatchNorm2d(64), nn.ReLU(),
        conv(64, 64, 3), nn.BatchNorm2d(64),
    ),
    relu=True,
)
blocks = {
    "MobileNet block": (mobile, torch.randn(16, 32, 32, 32)),
    "ResNet block": (resnet, torch.randn(16, 64, 16, 16)),
    "LSTM": (Recurrent(), torch.randn(32, 16, 64)),
}
for name, (block, x) in blocks.items():
    with torch.no_grad():
        due = torch.zeros_like(block(x))
    blocks[name] = (block, x, due, torch.optim.SGD(block.parameters(), lr=0.01))

for line in sys.stdin:
    block, x, due, optimizer = blocks[line.strip()]
    started = time.process_time()
    optimizer.zero_grad()
    nn.functional.mse_loss(block(x), due).backward()
    optimizer.step()
    print(1e3 * (time.process_time() - started), flush=True)
