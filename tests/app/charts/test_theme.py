"""Colours: whatever a chart names has a colour in both themes."""

from __future__ import annotations

import re
from pathlib import Path

from app.charts.theme import PALETTES

CHARTS = Path(__file__).resolve().parents[3] / "app" / "charts"


def test_every_token_a_chart_names_has_a_colour_in_both_themes() -> None:
    named = {
        token
        for path in CHARTS.glob("*.py")
        for token in re.findall(r'"(@[a-z0-9]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 10
    for mode in ("light", "dark"):
        assert named <= set(PALETTES[mode])
