"""PyTorch without Keras, told to gan-tui: the lines for gan-tui are marked."""

import sys

import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

import gan_tui  # gan-tui

epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
digits = load_digits()
data = TensorDataset(torch.tensor(digits.data, dtype=torch.float32) / 16, torch.tensor(digits.target))
loader = DataLoader(data, 64, shuffle=True, num_workers=1)
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
optimizer = torch.optim.Adam(model.parameters(), 1e-3)


def save(folder):
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, folder / "state.pt")


def batches():
    for _ in range(epochs):
        yield from loader


run = gan_tui.Run(config={"rate": 1e-3}, on_save=save)  # gan-tui
for step, (x, y) in zip(run.steps(epochs * len(loader)), batches(), strict=False):  # gan-tui: run.steps
    logits = model(x)
    loss = torch.nn.functional.cross_entropy(logits, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    run.log(loss=loss, accuracy=(logits.argmax(1) == y).float().mean())  # gan-tui
    if step % 50 == 0:
        run.image("first weights", model[0].weight.detach().reshape(-1, 8, 8))  # gan-tui
print(f"loss {loss.item():.3f}")
