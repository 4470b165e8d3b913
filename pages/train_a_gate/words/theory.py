"""What *Train a gate* explains: the paragraph and the equations."""

from __future__ import annotations

__all__ = ["EQUATIONS", "PARAGRAPH"]

PARAGRAPH = """
Each update lowers the free energy of the table's rows and raises it for what the machine made of
them after k Gibbs steps. The shaded **gap** between the two curves is all that training feels, and
it can vanish while the machine is wrong; so beside it stand exact answers. The **log-likelihood**
climbs towards the bound −log(rows), which it reaches only when the legal rows are equally likely
and nothing else is possible; the **valid mass** is the probability of legal rows at equilibrium,
while the dashed curve only says where chains end that were started at the scheme's start. **p(v)**
shows every state, the legal ones in colour with ✓. The **relaxation time τ** is how many Gibbs
steps a chain needs to forget its start: while k is above τ, training sees the machine's own
equilibrium; once τ passes k (✕), chains stay near where they began and the update is biased.
"""

EQUATIONS = (
    (
        "Free energy of a visible state, the hidden layer summed out",
        r"F(v) = -b_v\cdot v - \sum_j \log\left(1 + e^{(vW + b_h)_j}\right),"
        r"\qquad p(v) = e^{-F(v)} / Z",
    ),
    (
        "One update, with learning rate η and chains after k Gibbs steps",
        r"\Delta W = \eta\,\left(\langle v\,h^\top\rangle_{\text{data}}"
        r" - \langle v\,h^\top\rangle_{k}\right)",
    ),
    (
        "Relaxation time of the Gibbs chain, from its second largest eigenvalue",
        r"\tau = -1 / \ln \lambda_2",
    ),
)
