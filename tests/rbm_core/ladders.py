"""Ladders of fixed rungs, from the films of finished runs."""

from __future__ import annotations

import torch

from rbm_core import RBM, base_machine
from tests.films import load_film
from tests.rbm_core.two_words import tilted

__all__ = ["RUNGS", "film_of", "ladder_of"]

# Ages whose swap rates and log Z are tabled.
RUNGS = {
    "and": (1000, 3000, 5000, 7000, 9000, 12000, 15000),
    "xor": (100, 200, 400, 600, 800, 1200, 2000),
    "bars-and-stripes": (412, 788, 20000),
    "bimodal": (149, 360, 30000),
}


def film_of(name: str) -> RBM:
    """The machines of those ages, in double precision; the bimodal one ends tilted."""
    film = load_film(name).rungs(*RUNGS[name]).to(dtype=torch.float64)
    return joined(film, tilted()) if name == "bimodal" else film


def ladder_of(name: str) -> RBM:
    """Fair coins below them."""
    film = film_of(name)
    base = base_machine(film.replica(0))
    return joined(RBM(*(p[None] for p in base.parameters())), film)


def joined(below: RBM, above: RBM) -> RBM:
    """One film after another; a single machine counts as a film of one."""
    pairs = zip(below.parameters(), above.parameters(), strict=True)
    return RBM(*(torch.cat([a, b if b.ndim == a.ndim else b[None]]) for a, b in pairs))
