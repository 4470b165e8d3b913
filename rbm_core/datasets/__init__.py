"""Data sets by name: truth tables, small exact patterns, and images."""

from rbm_core.datasets.catalogue import dataset_names, load_dataset
from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.download import FetchCancelledError, FetchProgress, fetch
from rbm_core.datasets.truth_tables import GATES, names_truth_table, truth_table
from rbm_core.datasets.upload import read_upload

__all__ = [
    "GATES",
    "Dataset",
    "FetchCancelledError",
    "FetchProgress",
    "dataset_names",
    "fetch",
    "load_dataset",
    "names_truth_table",
    "read_upload",
    "truth_table",
]
