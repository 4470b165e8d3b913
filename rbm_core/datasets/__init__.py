"""Data sets by name: truth tables, small exact patterns, and images."""

from rbm_core.datasets.catalogue import dataset_names, load_dataset
from rbm_core.datasets.dataset import Dataset
from rbm_core.datasets.truth_tables import GATES, truth_table

__all__ = ["GATES", "Dataset", "dataset_names", "load_dataset", "truth_table"]
