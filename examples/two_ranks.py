"""Two processes that train together (torch.distributed): the first writes the run. The lines for gan-tui are marked.

torchrun --nproc-per-node 2 examples/two_ranks.py
"""

import sys

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch.nn.parallel import DistributedDataParallel

import gan_tui  # gan-tui

steps = int(sys.argv[1]) if len(sys.argv) > 1 else 300
dist.init_process_group("gloo")
rank, ranks = dist.get_rank(), dist.get_world_size()
digits = load_digits()
x = torch.tensor(digits.data[rank::ranks], dtype=torch.float32) / 16
y = torch.tensor(digits.target[rank::ranks])
model = DistributedDataParallel(torch.nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), 0.1)

run = gan_tui.Run(config={"ranks": ranks})  # gan-tui: in all of them; those after the first write nothing
for step in range(1, steps + 1):  # as many steps in each of them, or the others would wait for ever
    some = torch.randint(len(x), (32,))
    loss = torch.nn.functional.cross_entropy(model(x[some]), y[some])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    dist.all_reduce(mean := loss.detach() / ranks)
    run.log(loss=mean, step=step)  # gan-tui: commands that all ranks obey need their agreement, so none is offered
run.close()  # gan-tui
dist.destroy_process_group()
print(f"rank {rank}: loss {mean.item():.3f}")
