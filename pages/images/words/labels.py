"""Labels, choices and tooltips of *Images*, tooltips of at most twenty words."""

from __future__ import annotations

from app.charts.filters import Order
from app.charts.theme import Scale
from pages.images.rows import Shown, Start

__all__ = [
    "ACTS",
    "HELP",
    "LABELS",
    "ORDERS",
    "SCALES",
    "SHOWN",
    "STARTS",
    "TITLE",
]

TITLE = "Images"


ACTS = {
    "dream": "Dream",
    "filters": "Filters",
    "chain": "Chain",
    "repair": "Repair",
    "data": "Data",
}


LABELS = {
    "act": "What to do",
    "finished": "Finished one",
    "filters": "Filters",
    "data": "Data",
    "reconstruction": "Reconstruction",
    "fantasy": "Dreams",
    "strip": "Chain strip",
    "class": "Class",
    "every_class": "all",
    "start": "Chains start from",
    "shown": "Show",
    "order": "Sorted by",
    "scale": "Full colour",
    "free_energy": "Free energy",
    "error": "Reconstruction",
    "pseudo": "Pseudo-likelihood",
    "path": "Free energy",
    "weights": "Weights",
    "activity": "Hidden activity",
    "downloads": "Download pictures",
    "grid_png": "Pictures (PNG)",
    "strip_png": "Chain strip (PNG)",
    "units": "Units",
    "hold": "Hold",
    "task": "Task",
    "picture": "Next",
    "n_flips": "Pixels turned over",
    "painter": "Picture",
    "completed": "Drawn by the machine",
    "estimate": "What it expects",
    "downhill": "Free energy, nothing held",
    "chains": "Chains on their way",
    "download": "Download",
    "cancel": "Cancel",
    "use": "Use",
    "in_use": "In use",
    "upload": "Your own pictures",
}


HELP = {
    "finished": "Puts this run away and shows the machine that was trained beforehand.",
    "class": "Which held-out pictures are shown. Dreams have no class: nobody says what to draw.",
    "start": "Noise: fair coins. Pictures: held-out ones. Probes: two squares of sparse noise.",
    "start_training": "A machine in training has a short dream from noise at each reading.",
    "shown": "Probabilities are smooth; samples are the coins drawn from them.",
    "order": "Norm: how strongly a unit speaks. Use: how often it is on over the data.",
    "scale": "Each unit its own, one for all, or always 3, so that machines can be compared.",
    "units": "Which hundred units are shown.",
    "hold": "Pixels the machine must keep; paint on the picture to choose others.",
    "task": "Complete: some pixels are held. Corrupt: some are turned over, and nothing is held.",
    "picture": "Shows the next held-out picture of this class.",
    "n_flips": "Random pixels to turn over; paint on the picture to turn others.",
    "download": "Fetches the files once, for everybody on this server.",
    "use": "Takes this data set into the sidebar, with the settings that suit it.",
    "upload": "A .npz with an array `images`, or a .zip of PNGs of one size; at most 20 MB.",
    "grid_png": "Dreams as one PNG, as `python -m rbm_core sample` writes them.",
    "strip_png": "The strip as one PNG: a line for each step, a column for each chain.",
}


STARTS: dict[Start, str] = {"noise": "Noise", "data": "Pictures", "probe": "Probes"}


SHOWN: dict[Shown, str] = {"probabilities": "Probabilities", "samples": "Samples"}


ORDERS: dict[Order, str] = {"norm": "Norm", "use": "Use", "number": "Number"}


SCALES: dict[Scale, str] = {"unit": "each unit", "all": "all", "fixed": "fixed"}
