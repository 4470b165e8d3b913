"""The engine of RBM Lab: binary RBMs, exact where exactness is possible."""

from rbm_core.datasets import (
    GATES,
    Dataset,
    dataset_names,
    fetch,
    load_dataset,
    names_truth_table,
    read_upload,
    truth_table,
)
from rbm_core.datasets.binarise import BINARISATIONS, binarise
from rbm_core.datasets.download import FetchCancelledError, FetchProgress
from rbm_core.datasets.image_folders import IMAGE_SETS, find_image_set
from rbm_core.datasets.upload import UPLOAD_PREFIX
from rbm_core.equilibrium.autocorrelation import (
    AutocorrelationTime,
    integrated_autocorrelation_time,
)
from rbm_core.equilibrium.cascade import Cascade, cascade, mean_field_variances, mode_memory
from rbm_core.equilibrium.generation import (
    AdversarialAccuracy,
    GenerationCurve,
    adversarial_accuracy,
    generation_curve,
)
from rbm_core.equilibrium.gradient_lens import GradientLens, expected_gradient, gradient_lens
from rbm_core.equilibrium.gradients import contrastive_gradient, gradient_angle
from rbm_core.equilibrium.memory import TrainingTimeMemory, training_time_memory
from rbm_core.equilibrium.moments import (
    draw_triples,
    second_moment_error,
    second_moment_floor,
    third_moment_error,
)
from rbm_core.equilibrium.principal_axes import (
    PrincipalAxes,
    predicted_growth,
    principal_axes,
)
from rbm_core.equilibrium.spectrum import (
    Alignment,
    bulk_edge,
    svd_pca_alignment,
    weight_singular_values,
)
from rbm_core.equilibrium.two_start import Agreement, TwoStartResult, two_start_test
from rbm_core.errors import CheckpointError, ConfigError, DataError, RBMError, ShapeError, SizeError
from rbm_core.exact.chain import expected_path, relaxation_time, transition_matrix
from rbm_core.exact.enumeration import (
    kl_divergence,
    log_likelihood,
    log_partition,
    visible_distribution,
)
from rbm_core.exact.gradient import log_likelihood_gradient
from rbm_core.exact.measures import Measures, measure, valid_mass
from rbm_core.exact.samples import exact_samples
from rbm_core.exact.visits import held_distribution, independent_floor, total_variation, walk_floor
from rbm_core.experiments.attribution import attribution
from rbm_core.experiments.chain_strip import (
    StripFrame,
    chain_strip,
    probe_squares,
    start_states,
    strip_frames,
    strip_steps,
)
from rbm_core.experiments.completion import HALVES, Completion, complete, half_mask
from rbm_core.experiments.correction import (
    CorrectionConfig,
    CorrectionResult,
    ExpectedCorrection,
    correct,
    expected_correction,
)
from rbm_core.experiments.notebook_measure import notebook_measure
from rbm_core.experiments.pictures import image_grid, png_bytes, strip_grid
from rbm_core.generators import (
    STREAM_VERSION,
    Generator,
    generator_state,
    make_generator,
    permutation,
    restore_generator,
    uniform,
)
from rbm_core.likelihood.annealing import LogPartitionEstimate, ais, reverse_ais
from rbm_core.likelihood.bennett import bennett
from rbm_core.likelihood.betas import beta_schedule
from rbm_core.likelihood.bracket import Bracket, log_likelihood_bracket, log_partition_bracket
from rbm_core.likelihood.ladder import LadderInfo, LadderState, ladder_round, start_ladder
from rbm_core.likelihood.ladder_estimate import (
    LadderEstimate,
    LadderSchedule,
    film_estimate,
    ladder_estimate,
)
from rbm_core.likelihood.lag import TrainingLag, training_lag
from rbm_core.likelihood.pseudo import mean_image_error, pseudo_log_likelihood, reconstruction_error
from rbm_core.likelihood.trajectory import (
    PilotConfig,
    PilotRecord,
    TrajectoryLadder,
    pilot_records,
    trajectory_ladder,
)
from rbm_core.machine.film import film_length, film_of, log_spaced_updates
from rbm_core.machine.gibbs import (
    GibbsInfo,
    HalfStep,
    clamp_mask,
    gibbs_chain,
    gibbs_step,
    half_step_hidden,
    half_step_visible,
    noise,
)
from rbm_core.machine.independent import base_machine
from rbm_core.machine.rbm import RBM
from rbm_core.machine.states import MAX_CHAIN_UNITS, MAX_LAYER_UNITS, enumerate_states, state_index
from rbm_core.machine.tempering import (
    TemperedInfo,
    TemperedState,
    start_tempering,
    swap_neighbours,
    tempered_ladder,
    tempered_samples,
    tempered_step,
)
from rbm_core.numerals import count_text, number_text, percent_text, plain_text, steps_text
from rbm_core.pretrained import (
    Pretrained,
    example_images,
    load_pretrained,
    machine_path,
    pretrained_names,
)
from rbm_core.recipes.capacity import Capacity, capacity, has_learned
from rbm_core.recipes.checkpoint import Checkpoint, fingerprint, load_checkpoint, save_checkpoint
from rbm_core.recipes.links import QUERY_NAMES
from rbm_core.recipes.presets import PRESETS, Preset, default_recipe, preset
from rbm_core.recipes.recipe import Recipe
from rbm_core.training.compiled import compile_loops
from rbm_core.training.config import TrainConfig
from rbm_core.training.run import TrainRun, train
from rbm_core.training.schedules import Schedule
from rbm_core.training.state import TrainRecord, TrainState

# Packed by hand: a name a line would double the length of this file.
__all__ = [
    "BINARISATIONS", "GATES", "HALVES", "IMAGE_SETS", "MAX_CHAIN_UNITS", "MAX_LAYER_UNITS",
    "PRESETS", "QUERY_NAMES", "RBM", "STREAM_VERSION", "UPLOAD_PREFIX", "AdversarialAccuracy",
    "Agreement", "Alignment", "AutocorrelationTime", "Bracket", "Capacity", "Cascade", "Checkpoint",
    "CheckpointError", "Completion", "ConfigError", "CorrectionConfig", "CorrectionResult",
    "DataError", "Dataset", "ExpectedCorrection", "FetchCancelledError", "FetchProgress",
    "GenerationCurve", "Generator", "GibbsInfo", "GradientLens", "HalfStep", "LadderEstimate",
    "LadderInfo", "LadderSchedule", "LadderState", "LogPartitionEstimate", "Measures",
    "PilotConfig", "PilotRecord", "Preset", "Pretrained", "PrincipalAxes", "RBMError", "Recipe",
    "Schedule", "ShapeError", "SizeError", "StripFrame", "TemperedInfo", "TemperedState",
    "TrainConfig", "TrainRecord", "TrainRun", "TrainState", "TrainingLag", "TrainingTimeMemory",
    "TrajectoryLadder", "TwoStartResult", "adversarial_accuracy", "ais", "attribution",
    "base_machine", "bennett", "beta_schedule", "binarise", "bulk_edge", "capacity", "cascade",
    "chain_strip", "clamp_mask", "compile_loops", "complete", "contrastive_gradient", "correct",
    "count_text", "dataset_names", "default_recipe", "draw_triples", "enumerate_states",
    "exact_samples", "example_images", "expected_correction", "expected_gradient", "expected_path",
    "fetch", "film_estimate", "film_length", "film_of", "find_image_set", "fingerprint",
    "generation_curve", "generator_state", "gibbs_chain", "gibbs_step", "gradient_angle",
    "gradient_lens", "half_mask", "half_step_hidden", "half_step_visible", "has_learned",
    "held_distribution", "image_grid", "independent_floor", "integrated_autocorrelation_time",
    "kl_divergence", "ladder_estimate", "ladder_round", "load_checkpoint", "load_dataset",
    "load_pretrained", "log_likelihood", "log_likelihood_bracket", "log_likelihood_gradient",
    "log_partition", "log_partition_bracket", "log_spaced_updates", "machine_path",
    "make_generator", "mean_field_variances", "mean_image_error", "measure", "mode_memory",
    "names_truth_table", "noise", "notebook_measure", "number_text", "percent_text", "permutation",
    "pilot_records", "plain_text", "png_bytes", "predicted_growth", "preset", "pretrained_names",
    "principal_axes", "probe_squares", "pseudo_log_likelihood", "read_upload",
    "reconstruction_error", "relaxation_time", "restore_generator", "reverse_ais",
    "save_checkpoint", "second_moment_error", "second_moment_floor", "start_ladder", "start_states",
    "start_tempering", "state_index", "steps_text", "strip_frames", "strip_grid", "strip_steps",
    "svd_pca_alignment", "swap_neighbours", "tempered_ladder", "tempered_samples", "tempered_step",
    "third_moment_error", "total_variation", "train", "training_lag", "training_time_memory",
    "trajectory_ladder", "transition_matrix", "truth_table", "two_start_test", "uniform",
    "valid_mass", "visible_distribution", "walk_floor", "weight_singular_values",
]  # fmt: skip

# The one place that says it: the package and the command line read it here.
__version__ = "0.2.0"
