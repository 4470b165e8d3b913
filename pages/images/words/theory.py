"""The paragraphs and the equations of *Images*."""

from __future__ import annotations

__all__ = [
    "EQUATIONS",
    "PARAGRAPHS",
]

PARAGRAPHS = {
    "dream": """
A machine that learned pictures can be asked for new ones. **Filters** are the weights between one
hidden unit and all pixels: blue pixels speak for the unit, orange ones against it. **Data** and
**reconstruction** show held-out pictures before and after one pass through the hidden layer.
**Dreams** are Gibbs chains that began as noise and never saw a picture. The **strip** shows some of
these chains after more and more steps; the framed column is k, as far as training ever looked. Good
pictures at k and bad ones at 10 000 steps mean: the machine repairs what it is given, and has not
learned to draw. On the curves, a widening grey gap between training and held-out free energy is
over-fitting; a reconstruction error above the dotted line is worse than answering with the mean
picture every time.
""",
    "filters": """
Each tile is a **receptive field**: the weights of one hidden unit, laid out as a picture. Click
one, or walk with the arrow keys and press Enter, to enlarge it. Units on for fewer than 1 % of
the held-out pictures are **dead**, units on for more than 99 % are **always on**: neither tells one
picture from another. Weights start as a narrow bell about zero; learning grows its flanks.
""",
    "chain": """
Every step of a few chains, one after the other. Watch how long a chain stays with one digit before
it changes into another: that is its memory. While it changes slower than k steps, training saw only
the neighbourhood of the data.
""",
    "repair": """
Held pixels are **clamped**: they keep their value at every Gibbs step, while the machine draws the
others. That samples p(free pixels given the held ones), the same law that repairs the output bit of
a gate. Without clamping, a corrupted picture slides down the **free energy** towards something the
machine believes in, which need not be what it was.
""",
    "data": """
The 8×8 digits are always here. MNIST and Fashion-MNIST are read from the server's data folder, or
fetched once for everybody. Your own pictures stay in the server's memory, are seen by you alone,
and are gone when it restarts.
""",
}

EQUATIONS = (
    (
        "One Gibbs step: draw hidden units from the pixels, then pixels from the hidden units",
        r"p(h_j=1\mid v)=\sigma\big((vW+b_h)_j\big),\qquad "
        r"p(v_i=1\mid h)=\sigma\big((hW^\top+b_v)_i\big)",
    ),
    (
        "Free energy of a picture, the hidden layer summed out",
        r"F(v) = -b_v\cdot v - \sum_j \log\left(1 + e^{(vW + b_h)_j}\right)",
    ),
    (
        "Reconstruction error, and the line it has to get under",
        r"\frac1{n}\sum_i\big(v_i-\hat v_i\big)^2,\quad "
        r"\hat v=\sigma\big(\sigma(vW+b_h)W^\top+b_v\big)"
        r"\qquad\text{against}\qquad \frac1{n}\sum_i\big(v_i-\bar v_i\big)^2",
    ),
    (
        "Pseudo-log-likelihood: each pixel given all others",
        r"\sum_i \log p(v_i\mid v_{-i}) = \sum_i \log\sigma\big(F(v^{(i)})-F(v)\big)",
    ),
)
