"""The notebook's own measure of bit correction, kept to show where it goes wrong."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import DataError
from rbm_core.experiments.correction import CorrectionConfig, CorrectionResult
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import state_index

__all__ = ["notebook_measure"]


def notebook_measure(
    rbm: RBM, dataset: Dataset, config: CorrectionConfig, result: CorrectionResult
) -> Tensor:
    """Measure trajectories as the notebook does: the truth is read one column too far right.

    It rounds the probabilities p(v|h), takes columns 1, 2, … (not 0, 1, …) for the inputs, looks
    up what the table answers to *them*, and reports the probability that the output bit gives
    that answer. The last of those columns is the output itself, so a bit is partly judged by
    itself. Step 0 is 0 for a flipped row and 1 for a kept one, by definition.

    **Bias:** it does not estimate the probability of a legal row; `CorrectionResult.p_legal` does.

    Args:
        rbm: The machine that made the trajectories.
        dataset: Its truth table.
        config: What was flipped and held; the first flipped output is the one measured.
        result: The trajectories.

    Returns:
        The notebook's "correct bit probability", shape (n_steps + 1, n_chains).

    Raises:
        DataError: If the data are no truth table.

    Source: the notebook's cell 7, with two inputs and columns (1, 2).
    """
    if dataset.n_inputs is None:
        raise DataError(
            f"data set {dataset.name!r} has no output bit; choose a gate or a truth table"
        )
    n_inputs, column = dataset.n_inputs, dataset.n_inputs + config.outputs[0]
    mean_v = rbm.mean_v_given_h(result.h)  # (n_steps, n_chains, n_visible)
    if config.clamp_inputs:
        mean_v = torch.cat([result.states[1:, :, :n_inputs], mean_v[..., n_inputs:]], -1)
    answers = dataset.train[:, column].to(mean_v)
    mistaken_inputs = mean_v[..., 1 : n_inputs + 1].round()
    truth = answers[state_index(mistaken_inputs)]
    p_on = mean_v[..., column]
    start = torch.full_like(p_on[:1], 0.0 if config.flip else 1.0)
    return torch.cat([start, torch.where(truth > 0, p_on, 1 - p_on)])
