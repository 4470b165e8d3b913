"""The engine of RBM Lab: binary RBMs, exact where exactness is possible."""

from rbm_core.attribution import attribution
from rbm_core.checkpoint import Checkpoint, fingerprint, load_checkpoint, save_checkpoint
from rbm_core.correction import (
    CorrectionConfig,
    CorrectionResult,
    ExpectedCorrection,
    correct,
    expected_correction,
)
from rbm_core.datasets import GATES, Dataset, dataset_names, load_dataset, truth_table
from rbm_core.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    RBMError,
    ShapeError,
    SizeError,
)
from rbm_core.estimators import (
    Bracket,
    LogPartitionEstimate,
    ais,
    base_machine,
    beta_schedule,
    exact_samples,
    log_likelihood_bracket,
    log_partition_bracket,
    mean_image_error,
    pseudo_log_likelihood,
    reconstruction_error,
    reverse_ais,
)
from rbm_core.exact import (
    enumerate_states,
    expected_path,
    kl_divergence,
    log_likelihood,
    log_likelihood_gradient,
    log_partition,
    relaxation_time,
    state_index,
    transition_matrix,
    visible_distribution,
)
from rbm_core.generators import Generator, make_generator
from rbm_core.gibbs import (
    GibbsInfo,
    HalfStep,
    clamp_mask,
    gibbs_chain,
    gibbs_step,
    half_step_hidden,
    half_step_visible,
    noise,
)
from rbm_core.gradients import contrastive_gradient, gradient_angle
from rbm_core.measures import Measures, measure, valid_mass
from rbm_core.notebook_measure import notebook_measure
from rbm_core.presets import PRESETS, Preset, default_recipe, preset
from rbm_core.rbm import RBM
from rbm_core.recipes import Recipe
from rbm_core.schedules import Schedule
from rbm_core.spectrum import Alignment, bulk_edge, svd_pca_alignment, weight_singular_values
from rbm_core.tempering import (
    TemperedInfo,
    TemperedState,
    start_tempering,
    swap_neighbours,
    tempered_ladder,
    tempered_samples,
    tempered_step,
)
from rbm_core.train_config import TrainConfig
from rbm_core.train_state import TrainRecord, TrainState
from rbm_core.training import TrainRun, train

__all__ = [
    "GATES",
    "PRESETS",
    "RBM",
    "Alignment",
    "Bracket",
    "Checkpoint",
    "CheckpointError",
    "ConfigError",
    "CorrectionConfig",
    "CorrectionResult",
    "DataError",
    "Dataset",
    "ExpectedCorrection",
    "Generator",
    "GibbsInfo",
    "HalfStep",
    "LogPartitionEstimate",
    "Measures",
    "Preset",
    "RBMError",
    "Recipe",
    "Schedule",
    "ShapeError",
    "SizeError",
    "TemperedInfo",
    "TemperedState",
    "TrainConfig",
    "TrainRecord",
    "TrainRun",
    "TrainState",
    "ais",
    "attribution",
    "base_machine",
    "beta_schedule",
    "bulk_edge",
    "clamp_mask",
    "contrastive_gradient",
    "correct",
    "dataset_names",
    "default_recipe",
    "enumerate_states",
    "exact_samples",
    "expected_correction",
    "expected_path",
    "fingerprint",
    "gibbs_chain",
    "gibbs_step",
    "gradient_angle",
    "half_step_hidden",
    "half_step_visible",
    "kl_divergence",
    "load_checkpoint",
    "load_dataset",
    "log_likelihood",
    "log_likelihood_bracket",
    "log_likelihood_gradient",
    "log_partition",
    "log_partition_bracket",
    "make_generator",
    "mean_image_error",
    "measure",
    "noise",
    "notebook_measure",
    "preset",
    "pseudo_log_likelihood",
    "reconstruction_error",
    "relaxation_time",
    "reverse_ais",
    "save_checkpoint",
    "start_tempering",
    "state_index",
    "svd_pca_alignment",
    "swap_neighbours",
    "tempered_ladder",
    "tempered_samples",
    "tempered_step",
    "train",
    "transition_matrix",
    "truth_table",
    "valid_mass",
    "visible_distribution",
    "weight_singular_values",
]
