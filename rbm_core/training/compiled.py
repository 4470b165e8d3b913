"""Updates of small machines by compiled loops, many in one call, free of the interpreter's lock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import Tensor

from rbm_core.datasets.dataset import Dataset
from rbm_core.errors import CheckpointError
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, state_index
from rbm_core.training.batches import Batches
from rbm_core.training.config import SCHEMES, TrainConfig
from rbm_core.training.small import NEVER, Data, Floats, Ints, Machines, Rules, Sizes, Timed
from rbm_core.training.state import TrainState
from rbm_core.training.streams import stream_generator, words_from_state, words_to_state
from rbm_core.training.timetable import Timetable
from rbm_core.training.updates import Means

__all__ = ["CompiledUpdates", "compile_loops", "compiles"]

# Wider hidden layers are faster as torch's products.
MAX_HIDDEN = 32
# One call takes about so long: what waits for a run, waits no longer.
CALL_NANOSECONDS = 1.5e6
# Records, the step and what else no chain depends on.
UPDATE_NANOSECONDS = 1000
# With several replicas, as many calls go by until all of them stand at one update again.
CALLS_PER_ROUND = 8


def compiles(rbm: RBM, config: TrainConfig) -> bool:
    """Whether a run goes through compiled loops: its sizes, its bits and its device say so.

    Args:
        rbm: The machine.
        config: The settings.
    """
    exact = config.chain_method == "matrix"
    return (
        rbm.weights.device.type == "cpu"
        and rbm.weights.dtype in (torch.float32, torch.float64)
        and config.binarisation != "grey"
        and rbm.n_visible <= MAX_CHAIN_UNITS
        and rbm.n_hidden <= (MAX_CHAIN_UNITS if exact else MAX_HIDDEN)
    )


def compile_loops() -> None:
    """Load the compiled code, or compile it where none is kept: seconds, once.

    A server calls this in a thread when it starts, a set-up to fill the cache.
    """
    from rbm_core.training.kernels import packed
    from rbm_core.training.loops import learn

    packed.warm()
    joint, states = np.zeros((1, 2, 2)), np.zeros(1, dtype=np.int64)
    machines = Machines(
        joint, joint.copy(), np.zeros((1, 2)), np.zeros((1, 4), dtype=np.uint64),
        np.zeros((1, 1), dtype=np.int64), np.ones(1), np.zeros((1, 3)),
    )  # fmt: skip
    timed = Timed(np.zeros(1), np.zeros(1), np.ones(1, dtype=np.int64))
    learn(machines, Data(states, states, np.zeros(2)), _rules(TrainConfig(), 1), timed, 0, 1)


class CompiledUpdates:
    """Updates of machines small enough to count their visible states.

    Each replica draws from its own stream, so neither the number of replicas nor that of cores
    changes what one of them does.
    """

    def __init__(
        self,
        dataset: Dataset,
        config: TrainConfig,
        state: TrainState,
        rate_factors: Tensor | None,
        n_threads: int,
    ) -> None:
        """Take up a run where a state left it; the arguments are those of a `TrainRun`.

        Raises:
            ConfigError: If the settings do not fit the data.
            CheckpointError: If the state's streams do not fit the machine.
        """
        rbm = state.rbm
        self.update = state.update
        self._config, self._n_threads = config, n_threads
        self._lead, self._dtype = rbm.replica_shape, rbm.weights.dtype
        self._batches = Batches(dataset, config, rbm.weights.device)
        self._timetable = Timetable(config, self._batches.n_updates_per_epoch)
        self._sizes = Sizes(rbm.n_visible, rbm.n_hidden, config.batch_size)
        method = {"sampled": NEVER, "matrix": 1, "auto": self._sizes.least_exact_k()}
        single = rbm.weights.dtype == torch.float32
        self._rules = _rules(config, method[config.chain_method])._replace(single=single)
        self._machines = _machines(state, config.batch_size, rate_factors)
        legal = dataset.legal_states() if dataset.is_truth_table else None
        self._legal: Floats = (
            np.zeros(2**rbm.n_visible) if legal is None else legal.double().numpy()
        )
        self._states = np.zeros(0, dtype=np.int64)
        self._n_measured = 0
        if config.scheme == "pcd":
            self._start_chains(state.persistent_chains)

    def advance(self, n_updates: int) -> None:
        """Make some updates."""
        n_replicas = self._machines.factors.shape[0]
        while n_updates > 0:
            self._load_epoch()
            n = min(n_updates, self._batches.n_updates_alike(self.update))
            per_call = self._n_updates_per_call()
            n = min(n, per_call if n_replicas == 1 else CALLS_PER_ROUND * per_call)
            self._round(n, per_call)
            self.update += n
            self._n_measured += n
            n_updates -= n

    def take_means(self) -> Means:
        """Means over the updates since the last call."""
        sums = torch.from_numpy(self._machines.sums / (self._n_measured or float("nan")))
        sums = sums.view(*self._lead, 3)
        self._machines.sums[:] = 0.0
        self._n_measured = 0
        return Means(free_energies=sums[..., :2], legal_share=sums[..., 2])

    def rbm(self) -> RBM:
        """A copy of the machine as it is now."""
        return RBM(*self._parameters(self._machines.joint))

    def state(self, seconds: float) -> TrainState:
        """Copy all that the next update needs."""
        offset_v, offset_h = np.split(self._machines.offsets, [self._sizes.n_visible], axis=-1)
        return TrainState(
            rbm=self.rbm(),
            velocity=self._parameters(self._machines.velocity),
            persistent_chains=self._chains() if self._config.scheme == "pcd" else None,
            offset_v=self._tensor(offset_v),
            offset_h=self._tensor(offset_h),
            generator_state=words_to_state(self._machines.streams, alone=not self._lead),
            update=self.update,
            seconds=seconds,
        )

    def _round(self, n_updates: int, per_call: int) -> None:
        """Make the next updates of every replica."""
        from rbm_core.training.loops import learn  # Numba is for those who train

        order, n_batch = self._batches.order, self._config.batch_size
        first = self.update % self._batches.n_updates_per_epoch * n_batch
        rows = np.zeros(0, dtype=np.int64) if order is None else order.numpy()[first:]
        timed = self._timetable.timed(self.update, n_updates)
        n_replicas = self._machines.factors.shape[0]
        per_block = max(1, per_call // n_updates)

        def block(low: int) -> None:
            for begin in range(0, n_updates, per_call):
                part = slice(begin, min(begin + per_call, n_updates))
                data = Data(self._states, rows[begin * n_batch :], self._legal)
                some = Timed(timed.rates[part], timed.keeps[part], timed.ks[part])
                high = min(low + per_block, n_replicas)
                learn(self._machines, data, self._rules, some, low, high)

        blocks = range(0, n_replicas, per_block)
        if self._n_threads == 1 or len(blocks) == 1:
            for low in blocks:
                block(low)
        else:
            with ThreadPoolExecutor(self._n_threads) as pool:
                list(pool.map(block, blocks))

    def _n_updates_per_call(self) -> int:
        """As many updates as one replica makes in the time of a call."""
        k = self._timetable.k(self.update)
        exact = k >= self._rules.least_k
        chains = self._sizes.exact_cost(k) if exact else self._sizes.sampled_cost(k)
        return max(1, int(CALL_NANOSECONDS / (UPDATE_NANOSECONDS + chains)))

    def _load_epoch(self) -> None:
        rows = self._batches.load(self.update)
        if rows is not None:
            self._states = state_index(rows).numpy()

    def _start_chains(self, given: Tensor | None) -> None:
        """Put persistent chains where a state has them, else on the first rows drawn."""
        chains, streams = self._machines.chains, self._machines.streams
        shape = (*self._lead, chains.shape[1], self._sizes.n_visible)
        if given is not None and tuple(given.shape) == shape:
            _require_bits(given)
            chains[:] = state_index(given).view(chains.shape).numpy()
            return
        self._load_epoch()
        for r in range(len(chains)):
            generator = stream_generator(streams[r])
            rows = self._batches.n_rows * np.asarray(generator.random(chains.shape[1]))
            chains[r] = self._states[rows.astype(np.int64)]
            streams[r] = generator.bit_generator.state["state"]["state"]

    def _chains(self) -> Tensor:
        n_visible = self._sizes.n_visible
        bits = self._machines.chains[..., None] >> np.arange(n_visible - 1, -1, -1) & 1
        return self._tensor(bits)

    def _parameters(self, joint: Floats) -> Parameters:
        parts = joint[:, :-1, :-1], joint[:, :-1, -1], joint[:, -1, :-1]
        return Parameters(*(self._tensor(part) for part in parts))

    def _tensor(self, array: Floats | Ints) -> Tensor:
        """A copy with the replica axes and the type of the machine."""
        return torch.tensor(array if self._lead else array[0], dtype=self._dtype)


def _require_bits(chains: Tensor) -> None:
    """Refuse what has no state number: compiled code looks it up without asking."""
    if not bool(((chains == 0) | (chains == 1)).all()):
        raise CheckpointError(
            "persistent_chains hold values other than 0 and 1; they must be states"
        )


def _rules(config: TrainConfig, least_k: int) -> Rules:
    return Rules(
        scheme=SCHEMES.index(config.scheme),
        least_k=least_k,
        centred=config.gradient == "centred",
        momentum=any(config.momentum_schedule.values),
        single=True,
        l1=float(config.l1),
        l2=float(config.l2),
    )


def _machines(state: TrainState, n_chains: int, rate_factors: Tensor | None) -> Machines:
    """A state's numbers as arrays, with a replica axis even for one machine."""
    rbm = state.rbm
    n = rbm.replica_shape[0] if rbm.replica_shape else 1
    offsets = torch.cat([state.offset_v, state.offset_h], -1)
    factors = torch.ones(n) if rate_factors is None else rate_factors
    return Machines(
        joint=_joint(rbm.parameters(), n),
        velocity=_joint(state.velocity, n),
        offsets=offsets.double().reshape(n, -1).numpy().copy(),
        streams=words_from_state(state.generator_state, n),
        chains=np.zeros((n, n_chains), dtype=np.int64),
        factors=factors.double().numpy().copy(),
        sums=np.zeros((n, 3)),
    )


def _joint(parts: Parameters, n: int) -> Floats:
    n_visible, n_hidden = parts.weights.shape[-2:]
    joint = np.zeros((n, n_visible + 1, n_hidden + 1))
    joint[:, :-1, :-1] = parts.weights.reshape(n, n_visible, n_hidden).numpy()
    joint[:, :-1, -1] = parts.visible_bias.reshape(n, n_visible).numpy()
    joint[:, -1, :-1] = parts.hidden_bias.reshape(n, n_hidden).numpy()
    return joint
