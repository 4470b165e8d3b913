"""Draw the notebook's figure of bit correction, with the exact curve that it lacked.

    python -m examples.bit_correction_figure [FILE.png]

The notebook trained AND with k = 4, flipped the output bit of 100 rows and drew how likely each
trajectory is to be right again. Here the same recipe is trained again (seconds), the truth is read
off the right columns, and the curve through the middle is computed by enumeration. Thin lines are
trajectories, the bold one is exact, the dashed one stands at k.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from rbm_core import CorrectionConfig, correct, expected_correction, make_generator, preset

PRESET = "notebook-and-short"
N_STEPS = 30
N_TRAJECTORIES = 100

# Drawn at three times the size and shrunk: Pillow's lines have hard edges.
SCALE = 3
WIDTH, HEIGHT, MARGIN = 720, 405, 48
PAPER, INK, GREY = "#FFFFFF", "#22262B", "#8A9099"
TRAJECTORY, EXACT = "#9CC3E4", "#0B5FA5"

Point = tuple[float, float]


def position(step: float, probability: float) -> Point:
    """Where a value stands on the sheet."""
    x = MARGIN + (WIDTH - 2 * MARGIN) * step / N_STEPS
    y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * probability
    return SCALE * x, SCALE * y


def curve(draw: ImageDraw.ImageDraw, values: Sequence[float], colour: str, width: int) -> None:
    """Draw probabilities, from step 0 on."""
    points = [position(step, value) for step, value in enumerate(values)]
    draw.line(points, fill=colour, width=SCALE * width, joint="curve")


def axes(draw: ImageDraw.ImageDraw, k: int) -> None:
    """Draw the frame, its numbers, and the dashed line at k."""
    font = ImageFont.load_default(SCALE * 13)
    draw.rectangle([position(0, 1), position(N_STEPS, 0)], outline=GREY, width=SCALE)
    for probability in (0.0, 0.5, 1.0):
        x, y = position(0, probability)
        draw.text((x - SCALE * 8, y), f"{probability:.1f}", INK, font, anchor="rm")
    for step in range(0, N_STEPS + 1, 5):
        x, y = position(step, 0)
        draw.text((x, y + SCALE * 8), str(step), INK, font, anchor="mt")
    x, y = position(N_STEPS, 0)
    draw.text((x, y + SCALE * 24), "Gibbs steps", INK, font, anchor="rt")
    x, y = position(0, 1)
    draw.text((x, y - SCALE * 10), "probability that the row is right again", INK, font, "lb")
    for dash in range(25):
        draw.line([position(k, dash / 25), position(k, (dash + 0.5) / 25)], INK, 2 * SCALE)
    x, y = position(k, 0.06)
    draw.text((x + SCALE * 6, y), f"k = {k}", INK, font, anchor="lm")


def figure() -> Image.Image:
    """Train, flip and draw."""
    recipe = preset(PRESET).recipe
    dataset = recipe.load_dataset()
    run = recipe.start(dataset)
    for _ in run:
        pass
    config = CorrectionConfig(n_steps=N_STEPS, clamp_inputs=False)
    sampled = correct(
        run.rbm,
        dataset,
        config,
        n_chains=N_TRAJECTORIES,
        generator=make_generator(recipe.seed, "example"),
    )
    exact = expected_correction(run.rbm, dataset, config)

    sheet = Image.new("RGB", (SCALE * WIDTH, SCALE * HEIGHT), PAPER)
    draw = ImageDraw.Draw(sheet)
    for trajectory in sampled.p_legal.T.tolist():
        curve(draw, trajectory, TRAJECTORY, 1)
    curve(draw, exact.p_legal.tolist(), EXACT, 3)
    axes(draw, k=int(str(recipe.training.k)))
    return sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the figure where the command line says."""
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "bit_correction.png")
    figure().save(path)
    print(f"written to {path}")


if __name__ == "__main__":
    main()
