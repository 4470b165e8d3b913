"""Laws of softplus in single precision, against double."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)

from rbm_core.machine.softplus import softplus


def test_softplus_in_single_precision_is_that_of_double_to_the_last_place_near_one() -> None:
    x = torch.cat([torch.linspace(-120, 120, 100_001), torch.tensor([0.0, -1e4, 1e4, 3e38])])
    exact = F.softplus(x.double())
    off = (softplus(x).double() - exact).abs()
    assert bool((off <= 2.0**-23 + 2.0**-23 * exact).all())
    assert softplus(x).dtype == torch.float32


def test_softplus_leaves_its_input_alone_whatever_its_strides() -> None:
    x = torch.randn(7, 5, generator=torch.Generator().manual_seed(0))
    before = x.clone()
    torch.testing.assert_close(softplus(x.T[::2]), F.softplus(x.T[::2]), atol=2e-7, rtol=0)
    assert torch.equal(x, before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_softplus_has_the_logistic_function_as_its_gradient(dtype: torch.dtype) -> None:
    x = torch.tensor([-2.0, 0.0, 3.0], dtype=dtype, requires_grad=True)
    softplus(x).sum().backward()
    torch.testing.assert_close(x.grad, torch.sigmoid(x.detach()))
