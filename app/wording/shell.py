"""Names of the program and its pages."""

__all__ = ["PAGES", "TITLE"]

TITLE = "RBM Lab"

# File of the page, its name, its icon (from the font that Streamlit ships). The first is landing.
PAGES = [
    ("train_a_gate", "Train a gate", ":material/model_training:"),
]
