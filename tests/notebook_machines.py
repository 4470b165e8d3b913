"""The two machines that the notebook prints (cells 5 and 10), and what is known of them.

The notebook's W is (hidden, visible); the program's weights are its transpose. The numbers are
exact enumerations of the printed weights.
"""

from __future__ import annotations

import torch

from rbm_core import RBM

SMALL = RBM(
    torch.tensor(
        [
            [-6.668088, 1.1076192, -6.57359],
            [3.5443976, -7.8288884, -7.0973134],
            [-3.7643752, -2.8772604, -5.7959294],
        ],
        dtype=torch.float64,
    ).T,
    torch.tensor([4.569002, 4.6129932, 4.773967], dtype=torch.float64),
    torch.tensor([4.4126983, 2.7632966, 6.6900606], dtype=torch.float64),
)
BIG = RBM(
    torch.tensor(
        [
            [3.1037612, -6.3231325, -5.5945625],
            [-3.3161774, -1.311685, -5.199807],
            [-3.986959, -0.24731126, -5.1429214],
        ],
        dtype=torch.float64,
    ).T,
    torch.tensor([3.5090005, 3.6489937, 4.0589952], dtype=torch.float64),
    torch.tensor([1.9548548, 4.9812903, 4.140428], dtype=torch.float64),
)
MACHINES = {"small": SMALL, "big": BIG}

LOG_PARTITION = {"small": 15.3597, "big": 12.6629}
LOG_LIKELIHOOD_ON_AND = {"small": -1.4011, "big": -1.4335}
RELAXATION_TIME = {"small": 58.74, "big": 19.63}
VALID_MASS = {"small": 0.9854, "big": 0.9543}
# k steps from data rows: k = 4 and k = 30.
TRAINED_WITH_K = {"small": 4, "big": 30}
VALID_FROM_DATA = {"small": 0.9856, "big": 0.9544}
EIGENVALUES = {
    "small": (1, 0.98312, 0.91816, 0.75967, 0.16924, 0.02481, 0.01757, 0.00011),
    "big": (1, 0.95034, 0.80190, 0.30211, 0.15158, 0.04918, 0.00424, 0.00003),
}
# P(valid) after flipping the output of a data row, inputs free.
CORRECTION_STEPS = (1, 4, 8, 30)
CORRECTION = {
    "small": (0.8105, 0.9753, 0.9770, 0.9798),
    "big": (0.8010, 0.9380, 0.9420, 0.9504),
}

# Success rate by epoch, percent: median of 32 re-runs.
SUCCESS_SHORT = (64, 72, 78, 82, 85, 88, 93, 95, 96, 97, 97, 98, 98, 98, 98)
SUCCESS_LONG = (63, 66, 70, 74, 77, 79, 81, 83, 84, 85, 87, 89, 92, 94, 95)
# Mean F(data) - F(model) by epoch in the same re-runs, k = 4.
GAP_SHORT = (
    -0.035, -0.094, -0.099, -0.091, -0.089, -0.130, -0.140, -0.123,
    -0.107, -0.093, -0.084, -0.075, -0.069, -0.064, -0.059,
)  # fmt: skip
