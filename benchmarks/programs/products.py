"""Floors: the matrix products of an update and nothing else, on each of torch's two libraries."""

from __future__ import annotations

import torch
from torch import Tensor

from benchmarks.problem import Problem
from rbm_core import make_generator
from rbm_core.generators import normal, uniform

__all__ = ["OneDnnProducts", "Products"]


class Products:
    """2 k + 1 products between the layers and two of a gradient, by torch.mm into buffers."""

    def __init__(self, problem: Problem) -> None:
        """Allocate everything."""
        stream, n = make_generator(0), problem.batch_size
        sizes = problem.n_visible, problem.n_hidden
        self._k = problem.k
        self._weights = normal(sizes, stream)
        self._v = next(problem.batches())
        self._h = uniform((n, sizes[1]), stream, self._weights)
        self._v_field, self._h_field = torch.empty(n, sizes[0]), torch.empty(n, sizes[1])
        self._gradient = torch.empty(sizes)

    def train(self, n_updates: int) -> None:
        """Multiply as updates do."""
        weights, v, h = self._weights, self._v, self._h
        with torch.no_grad():
            for _ in range(n_updates):
                torch.mm(v, weights, out=self._h_field)
                for _ in range(self._k):
                    torch.mm(h, weights.t(), out=self._v_field)
                    torch.mm(v, weights, out=self._h_field)
                torch.mm(v.t(), h, out=self._gradient)
                self._gradient.addmm_(v.t(), h, alpha=-1)

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Multiply as chains do."""
        weights, h = self._weights, self._h[: len(v)]
        v_field, h_field = self._v_field[: len(v)], self._h_field[: len(v)]
        with torch.no_grad():
            for _ in range(n_steps):
                torch.mm(v, weights, out=h_field)
                torch.mm(h, weights.t(), out=v_field)


class OneDnnProducts(Products):
    """The same products by oneDNN, which returns new tensors."""

    def train(self, n_updates: int) -> None:
        """Multiply as updates do."""
        weights, v, h = self._weights, self._v, self._h
        with torch.no_grad():
            for _ in range(n_updates):
                _onednn(v, weights.t())
                for _ in range(self._k):
                    _onednn(h, weights)
                    _onednn(v, weights.t())
                for _ in range(2):
                    _onednn(v.t(), h.t())

    def dream(self, v: Tensor, n_steps: int) -> None:
        """Multiply as chains do."""
        h, weights = self._h[: len(v)], self._weights
        transposed = weights.t().contiguous()
        with torch.no_grad():
            for _ in range(n_steps):
                _onednn(v, weights.t())
                _onednn(h, transposed.t())


def _onednn(left: Tensor, right_t: Tensor) -> Tensor:
    product: Tensor = torch.ops.mkldnn._linear_pointwise(left, right_t, None, "none", [], "")
    return product
