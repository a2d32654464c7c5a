"""An average of weights over the steps of a training run."""

import torch


class Average:
    """Exponential moving average of a model's weights: what is kept at the end of the run."""

    def __init__(self, model: torch.nn.Module, decay: float, every: int):
        self.decay, self.every, self.steps = decay, every, 0
        self.live = [p for p in model.parameters() if p.requires_grad]
        self.kept = [p.detach().clone() for p in self.live]

    @torch.no_grad()
    def update(self) -> None:
        self.steps += 1
        if self.steps % self.every:
            return
        taken = self.steps // self.every
        weight = 1 - min(self.decay, (1 + taken) / (10 + taken))
        torch._foreach_lerp_(self.kept, [p.detach() for p in self.live], weight)

    @torch.no_grad()
    def copy_to_model(self) -> None:
        torch._foreach_copy_(self.live, self.kept)
