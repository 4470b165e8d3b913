"""Names of the program and its pages."""

__all__ = ["PAGES", "TITLE"]

TITLE = "RBM Lab"

# File of the page, its name, its icon (from the font that Streamlit ships). The first is landing.
PAGES = [
    ("flip_a_bit", "Flip a bit", ":material/swap_vert:"),
    ("train_a_gate", "Train a gate", ":material/model_training:"),
    ("gibbs_steps", "Gibbs, step by step", ":material/footprint:"),
    ("images", "Images", ":material/image:"),
]
