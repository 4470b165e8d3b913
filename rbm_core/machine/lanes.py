"""Thirty-two single-precision numbers side by side, as a type that compiled loops can use.

A plain compiled loop leaves it to LLVM whether a sum of vectors stays in registers; with a value
that is a vector there is nothing to guess. Every operation works lane by lane. The processor's
registers may be narrower: LLVM then takes several. Nothing is reordered or contracted (no
fastmath), so the numbers are the same on every processor.

Only functions compiled by Numba can call what is here.
"""

# What Numba hands to an intrinsic has no types that a checker could know.
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, models, register_model
from numpy.typing import NDArray

__all__ = [
    "BLOCK",
    "WIDTH",
    "Floats",
    "Lanes",
    "add",
    "below",
    "from_bits",
    "load",
    "scaled",
    "sigmoid",
    "store",
    "transpose_block",
]

WIDTH = 32
BLOCK = 8
Floats = NDArray[np.float32]

_FLOATS = ir.VectorType(ir.FloatType(), WIDTH)
_INTEGERS = ir.VectorType(ir.IntType(32), WIDTH)
_EIGHT = ir.VectorType(ir.FloatType(), BLOCK)

# exp(x) = 2^n exp(r) with n whole and |r| ≤ ln 2 / 2; ln 2 in two parts, so that n ln 2 is exact
# in the first; the polynomial is Cephes's `expf` (S. Moshier), right to 1e-7 of its value.
_LOG2_E = 1.44269504088896341
_LN2_HIGH, _LN2_LOW = 0.693359375, -2.12194440e-4
_EXP = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5)
# Adding this to a number below 2^22 rounds it to a whole one, which the last bits then hold.
_ROUNDING = 1.5 * 2**23
_MANTISSA_BITS, _LARGEST = 23, 87.0


class Lanes(types.Type):
    """The type of `WIDTH` single-precision numbers."""

    def __init__(self) -> None:
        """Name the type."""
        super().__init__(name=f"lanes{WIDTH}")


_LANES: types.Type = Lanes()


@register_model(Lanes)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, of: Any) -> None:
        super().__init__(manager, of, _FLOATS)  # type: ignore[no-untyped-call]


def _pointer(context: Any, builder: Any, kind: Any, array: Any, at: Any, vector: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [at], inbounds=True), vector.as_pointer())


def _read(builder: Any, pointer: Any) -> Any:
    value = builder.load(pointer)
    value.align = 4
    return value


def _write(builder: Any, value: Any, pointer: Any) -> None:
    builder.store(value, pointer).align = 4


@intrinsic
def _load(_typing: Any, of: Any, _at: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind, (array, at) = signature.args[0], args
        return _read(builder, _pointer(context, builder, kind, array, at, _FLOATS))

    return _LANES(of, types.intp), generate


@intrinsic
def _store(_typing: Any, array: Any, _at: Any, _value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind, (to, at, value) = signature.args[0], args
        _write(builder, value, _pointer(context, builder, kind, to, at, _FLOATS))
        return context.get_dummy_value()

    return types.void(array, types.intp, _LANES), generate


@intrinsic
def _add(_typing: Any, _one: Any, _other: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.fadd(*args)

    return _LANES(_LANES, _LANES), generate


@intrinsic
def _scaled(_typing: Any, _value: Any, _factor: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        lane_0 = ir.Constant(ir.IntType(32), 0)
        first = builder.insert_element(ir.Constant(_FLOATS, ir.Undefined), args[1], lane_0)
        return builder.fmul(
            args[0], builder.shuffle_vector(first, first, ir.Constant(_INTEGERS, [0] * WIDTH))
        )

    return _LANES(_LANES, types.float32), generate


@intrinsic
def _below(_typing: Any, _one: Any, _other: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.bitcast(builder.fcmp_ordered("<", *args), ir.IntType(WIDTH))

    return types.uint32(_LANES, _LANES), generate


@intrinsic
def _from_bits(_typing: Any, _word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        bits = builder.bitcast(args[0], ir.VectorType(ir.IntType(1), WIDTH))
        return builder.uitofp(bits, _FLOATS)

    return _LANES(types.uint32), generate


@intrinsic
def _sigmoid(_typing: Any, _value: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        (x,), one = args, _constant(1.0)
        raised = builder.fadd(one, _exp(builder, builder.fsub(_constant(0.0), x)))
        # What is no number must not become one.
        return builder.select(builder.fcmp_unordered("uno", x, x), x, builder.fdiv(one, raised))

    return _LANES(_LANES), generate


@intrinsic
def _transpose_block(
    _typing: Any, array: Any, _at: Any, _stride: Any, out: Any, _out_at: Any, _out_stride: Any
) -> Any:
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        def pointers(kind: Any, given: Any, at: Any, stride: Any) -> list[Any]:
            found = []
            for _ in range(BLOCK):
                found.append(_pointer(context, builder, kind, given, at, _EIGHT))
                at = builder.add(at, stride)
            return found

        rows = [_read(builder, at) for at in pointers(signature.args[0], *args[:3])]
        for to, row in zip(
            pointers(signature.args[3], *args[3:]), _columns(builder, rows), strict=True
        ):
            _write(builder, row, to)
        return context.get_dummy_value()

    size = types.intp
    return types.void(array, size, size, out, size, size), generate


def _constant(value: float) -> ir.Constant:
    return ir.Constant(_FLOATS, [float(np.float32(value))] * WIDTH)


def _exp(builder: Any, x: Any) -> Any:
    """exp of each lane, held within e^±87 so that it neither overflows nor vanishes."""
    for bound, beyond in ((_LARGEST, ">"), (-_LARGEST, "<")):
        limit = _constant(bound)
        x = builder.select(builder.fcmp_ordered(beyond, x, limit), limit, x)
    shifted = builder.fadd(builder.fmul(x, _constant(_LOG2_E)), _constant(_ROUNDING))
    whole = builder.fsub(shifted, _constant(_ROUNDING))
    for part in (_LN2_HIGH, _LN2_LOW):
        x = builder.fsub(x, builder.fmul(whole, _constant(part)))
    polynomial = _constant(_EXP[0])
    for coefficient in _EXP[1:]:
        polynomial = builder.fadd(builder.fmul(polynomial, x), _constant(coefficient))
    polynomial = builder.fmul(polynomial, builder.fmul(x, x))
    mantissa = builder.fadd(builder.fadd(polynomial, x), _constant(1.0))
    exponent = builder.shl(
        builder.bitcast(shifted, _INTEGERS), ir.Constant(_INTEGERS, [_MANTISSA_BITS] * WIDTH)
    )
    return builder.bitcast(builder.add(builder.bitcast(mantissa, _INTEGERS), exponent), _FLOATS)


def _columns(builder: Any, rows: list[Any]) -> list[Any]:
    """Transpose a square of vectors by exchanging halves, quarters and eighths."""
    for step in (4, 2, 1):
        first, second = (
            ir.Constant(
                ir.VectorType(ir.IntType(32), BLOCK),
                [_source(lane, step, low=low) for lane in range(BLOCK)],
            )
            for low in (True, False)
        )
        for i in (i for i in range(BLOCK) if not i & step):
            pair = rows[i], rows[i + step]
            rows[i] = builder.shuffle_vector(*pair, first)
            rows[i + step] = builder.shuffle_vector(*pair, second)
    return rows


def _source(lane: int, step: int, *, low: bool) -> int:
    """Which element of two rows side by side a lane takes when blocks of `step` change places."""
    if low:
        return lane + BLOCK - step if lane & step else lane
    return lane + BLOCK if lane & step else lane + step


# What the intrinsics look like to the functions that call them.
load = cast("Callable[[Floats, int], Lanes]", _load)
store = cast("Callable[[Floats, int, Lanes], None]", _store)
add = cast("Callable[[Lanes, Lanes], Lanes]", _add)
scaled = cast("Callable[[Lanes, np.float32], Lanes]", _scaled)
below = cast("Callable[[Lanes, Lanes], int]", _below)
from_bits = cast("Callable[[int], Lanes]", _from_bits)
sigmoid = cast("Callable[[Lanes], Lanes]", _sigmoid)
transpose_block = cast("Callable[[Floats, int, int, Floats, int, int], None]", _transpose_block)
