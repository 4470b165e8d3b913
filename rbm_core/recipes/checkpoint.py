"""Checkpoints as safetensors: the three parameters, and beside them the recipe and the run's state.

A file with only `weights`, `visible_bias` and `hidden_bias` loads. Nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from rbm_core.errors import CheckpointError, RBMError
from rbm_core.generators import STREAM_VERSION
from rbm_core.machine.rbm import RBM
from rbm_core.recipes.recipe import Recipe
from rbm_core.training.state import TrainState

__all__ = [
    "Checkpoint",
    "checkpoint_bytes",
    "fingerprint",
    "load_checkpoint",
    "require_writable",
    "save_checkpoint",
    "write_whole",
]

FORMAT = "rbm-lab 1"
PARAMETERS = ("weights", "visible_bias", "hidden_bias")
STATE_TENSORS = ("offset_v", "offset_h", "generator_state")


@dataclass(frozen=True, eq=False, kw_only=True)
class Checkpoint:
    """What a file holds.

    Attributes:
        rbm: The machine, in at least single precision.
        recipe: How it was trained, or None when the file does not say.
        state: The run's state, or None when the file holds only parameters.
        stream: Version of the random streams of the program that wrote it.
    """

    rbm: RBM
    recipe: Recipe | None = None
    state: TrainState | None = None
    stream: int = STREAM_VERSION


def fingerprint(rbm: RBM) -> str:
    """Twelve hexadecimal digits that name the parameters, bit for bit.

    Where a run shows one, the version of the streams stands beside it: another version makes other
    parameters of the same recipe.
    """
    digest = hashlib.sha256()
    for tensor in rbm.parameters():
        digest.update(str(tuple(tensor.shape)).encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


def checkpoint_bytes(
    source: RBM | TrainState, recipe: Recipe | None = None, *, dtype: torch.dtype | None = None
) -> bytes:
    """Serialise a machine, or a run that shall be resumed.

    Args:
        source: A machine alone, or the whole state of a run.
        recipe: How it was trained.
        dtype: Store the parameters in this type (a state keeps its own, to resume exactly).
    """
    rbm = source.rbm if isinstance(source, TrainState) else source
    tensors = dict(zip(PARAMETERS, rbm.parameters(), strict=True))
    if dtype is not None and not isinstance(source, TrainState):
        tensors = {name: tensor.to(dtype) for name, tensor in tensors.items()}
    metadata = {"format": FORMAT, "stream": str(STREAM_VERSION)}
    if recipe is not None:
        metadata["recipe"] = recipe.to_json()
    if isinstance(source, TrainState):
        for name, tensor in zip(PARAMETERS, source.velocity, strict=True):
            tensors[f"velocity.{name}"] = tensor
        for name in STATE_TENSORS:
            tensors[name] = getattr(source, name)
        if source.persistent_chains is not None:
            tensors["persistent_chains"] = source.persistent_chains
        metadata["progress"] = json.dumps({"update": source.update, "seconds": source.seconds})
    return save(
        {name: t.detach().cpu().contiguous().clone() for name, t in tensors.items()}, metadata
    )


def save_checkpoint(
    path: Path | str,
    source: RBM | TrainState,
    recipe: Recipe | None = None,
    *,
    dtype: torch.dtype | None = None,
) -> None:
    """Write a checkpoint, whole or not at all.

    Args:
        path: File to write; its folder must exist.
        source: A machine alone, or the whole state of a run.
        recipe: How it was trained.
        dtype: Store the parameters in this type (machines alone).

    Raises:
        CheckpointError: If the file cannot be written.
    """
    write_whole(Path(path), checkpoint_bytes(source, recipe, dtype=dtype))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing.

    Args:
        path: File to write.
        content: What it shall hold.

    Raises:
        CheckpointError: If the file cannot be written.
    """
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # noqa: PTH101  (mkstemp gives 0600)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise _unwritable(path, error) from error


def require_writable(path: Path) -> None:
    """Check that a file could be written, before the work that would be lost.

    Args:
        path: The file; an existing one is left as it is.

    Raises:
        CheckpointError: If it cannot be written.
    """
    if path.is_dir():
        raise CheckpointError(f"{path} is a folder; give the path of a file in it")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> CheckpointError:
    return CheckpointError(
        f"{path} cannot be written: {error.strerror or error}; choose a folder you may write to"
    )


def load_checkpoint(
    source: Path | str | bytes, *, device: torch.device | str = "cpu"
) -> Checkpoint:
    """Read a checkpoint.

    Args:
        source: A file, or the bytes of one.
        device: Where the machine shall live.

    Raises:
        CheckpointError: If the file is missing, truncated, foreign or inconsistent.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from rbm_core import fingerprint, load_checkpoint, preset, save_checkpoint
        >>> recipe = preset("xor-ready").recipe
        >>> rbm = recipe.fresh_rbm(recipe.load_dataset())
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "xor.safetensors"
        ...     save_checkpoint(path, rbm, recipe)
        ...     loaded = load_checkpoint(path)
        >>> fingerprint(loaded.rbm) == fingerprint(rbm), loaded.recipe == recipe
        (True, True)
    """
    name = "the checkpoint" if isinstance(source, bytes) else str(source)
    tensors, metadata = _read(source, name)
    missing = [tensor for tensor in PARAMETERS if tensor not in tensors]
    if missing:
        raise CheckpointError(
            f"{name} holds {', '.join(sorted(tensors)) or 'no tensors'}, but no "
            f"{', '.join(missing)}; a machine needs {', '.join(PARAMETERS)}"
        )
    try:
        rbm = _machine(tensors, "", device)
        recipe = Recipe.from_json(metadata["recipe"]) if "recipe" in metadata else None
        if recipe is not None and recipe.n_hidden != rbm.n_hidden:
            raise CheckpointError(
                f"its recipe has {recipe.n_hidden} hidden units and its machine {rbm.n_hidden}"
            )
        state = _state(rbm, tensors, metadata, device) if "progress" in metadata else None
        stream = int(metadata.get("stream", "1"))
    except (RBMError, KeyError, ValueError, TypeError) as error:
        raise CheckpointError(f"{name} does not fit together: {error}") from error
    return Checkpoint(rbm=rbm, recipe=recipe, state=state, stream=stream)


def _read(source: Path | str | bytes, name: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read tensors and metadata, translating every way a file can be broken."""
    if isinstance(source, bytes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.safetensors"
            path.write_bytes(source)
            return _read(path, name)
    try:
        with safe_open(source, framework="pt") as file:
            return {key: file.get_tensor(key) for key in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except FileNotFoundError as error:
        raise CheckpointError(f"{name} does not exist; give the path of a checkpoint") from error
    except (SafetensorError, OSError, ValueError, struct.error, KeyError) as error:
        raise CheckpointError(
            f"{name} is not a readable safetensors file ({error}); "
            "it may be truncated or of another format"
        ) from error


def _machine(tensors: dict[str, Tensor], prefix: str, device: torch.device | str) -> RBM:
    parts = []
    for name in PARAMETERS:
        tensor = tensors[prefix + name]
        if not tensor.is_floating_point():
            raise CheckpointError(
                f"{prefix}{name} has type {tensor.dtype}; it must be floating point"
            )
        if not bool(torch.isfinite(tensor).all()):
            raise CheckpointError(f"{prefix}{name} holds values that are not finite")
        half = tensor.dtype in (torch.float16, torch.bfloat16)
        parts.append(tensor.to(device=device, dtype=torch.float32 if half else tensor.dtype))
    return RBM(*parts)


def _state(
    rbm: RBM, tensors: dict[str, Tensor], metadata: dict[str, str], device: torch.device | str
) -> TrainState:
    progress = json.loads(metadata["progress"])
    chains = tensors.get("persistent_chains")
    velocity = _machine(tensors, "velocity.", device).parameters()
    _require_like(velocity.weights, rbm.weights, "velocity.weights")
    _require_like(tensors["offset_v"], rbm.visible_bias, "offset_v")
    _require_like(tensors["offset_h"], rbm.hidden_bias, "offset_h")
    if chains is not None:
        one_chain = chains[..., 0, :] if chains.ndim > 1 else chains
        _require_like(one_chain, rbm.visible_bias, "each of the persistent_chains")
    if not int(progress["update"]) >= 0:
        raise CheckpointError(f"update is {progress['update']}; it must be at least 0")
    return TrainState(
        rbm=rbm,
        velocity=velocity,
        persistent_chains=None if chains is None else chains.to(device),
        offset_v=tensors["offset_v"].to(device),
        offset_h=tensors["offset_h"].to(device),
        generator_state=tensors["generator_state"],
        update=int(progress["update"]),
        seconds=float(progress["seconds"]),
    )


def _require_like(tensor: Tensor, other: Tensor, name: str) -> None:
    """Check that a tensor of the state has the shape that the machine gives it, and numbers."""
    if tensor.shape != other.shape:
        raise CheckpointError(
            f"{name} has shape {tuple(tensor.shape)}; the machine needs {tuple(other.shape)}"
        )
    if not bool(torch.isfinite(tensor).all()):
        raise CheckpointError(f"{name} holds values that are not finite")
