"""Labels of *Train a gate*, and tooltips of at most twenty words."""

from __future__ import annotations

from app.charts.theme import Scale

__all__ = ["FIX_IT", "SCALE", "SCALES", "SCALE_HELP", "TITLE"]

TITLE = "Train a gate"
FIX_IT = "Fix it"
SCALE = "Colour scale"
SCALE_HELP = (
    "What full colour means: the largest of all, or of each unit (at least 0.5), or always 6."
)
SCALES: dict[Scale, str] = {"all": "all", "unit": "unit", "fixed": "fixed"}
