"""The board shows the engine's numbers, within its budget of bytes."""

from __future__ import annotations

import base64
import json
import math
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from app.charts import regime, theme, weights
from app.charts.theme import Scale
from app.gates.runs import fork, new_job
from pages.train_a_gate.board import film, panels
from rbm_core import PRESETS, fingerprint, measure
from tests.gate_jobs import advance, quick_recipe, trained
from tests.rbm_core.cli.command_line import Capture, lines

BUDGET_BYTES = 20_000


def numbers(spec: dict[str, Any]) -> NDArray[np.float64]:
    flat = np.frombuffer(base64.b64decode(spec["bdata"]), "<" + spec["dtype"]).astype(float)
    shape = [int(n) for n in spec.get("shape", str(len(flat))).split(",")]
    return flat.reshape(shape)


def tokens(tree: object) -> set[str]:
    if isinstance(tree, dict):
        return set().union(*map(tokens, tree.values())) if tree else set()
    if isinstance(tree, list):
        return set().union(*map(tokens, tree)) if tree else set()
    return {tree} if isinstance(tree, str) and tree.startswith("@") else set()


@pytest.mark.parametrize("dataset", ["and", "half-adder", "not"])
def test_board_shows_the_engines_numbers(dataset: str) -> None:
    job = trained(quick_recipe(dataset))
    board = {panel.name: panel for panel in panels(job, "all", 200)}
    rbm, exact = job.snapshot.rbm, measure(job.snapshot.rbm, job.dataset)
    assert exact.distribution is not None
    assert exact.relaxation_time is not None
    bars = numbers(board["distribution"].figure["data"][0]["y"])
    np.testing.assert_allclose(bars, exact.distribution.numpy(), rtol=1e-6)
    shades = numbers(board["weights"].figure["data"][0]["z"])
    np.testing.assert_array_equal(shades[:-1, :-1], rbm.weights.numpy())
    np.testing.assert_array_equal(shades[:-1, -1], rbm.visible_bias.numpy())
    np.testing.assert_array_equal(shades[-1, :-1], rbm.hidden_bias.numpy())
    assert f"{100 * float(exact.valid_mass or math.nan):.1f} %" in board["mass"].alt
    assert f"{float(exact.log_likelihood or math.nan):.3f}"[1:] in board["likelihood"].alt


@pytest.mark.parametrize("until", [0, 1, 150, None])
def test_board_is_full_at_any_moment(until: int | None) -> None:
    job = trained(quick_recipe("xor"), until)
    for panel in panels(job, "unit", 200):
        assert panel.figure["data"]
        assert panel.alt.endswith(".")
        assert "nan" not in panel.alt + panel.note


@pytest.mark.parametrize("slug", ["xor-ready", "notebook-and-short"])
def test_update_stays_within_its_bytes(slug: str) -> None:
    recipe = PRESETS[slug].recipe
    job = trained(recipe, until=new_job(recipe).n_updates - 1)
    sent = json.dumps([vars(panel) for panel in panels(job, "all", 200)])
    assert len(sent) < BUDGET_BYTES


def test_every_colour_token_has_a_colour_in_both_themes() -> None:
    job = trained(quick_recipe())
    used = tokens([panel.figure for panel in panels(job, "all", 200)])
    for mode in ("light", "dark"):
        assert used <= set(theme.PALETTES[mode])


@pytest.mark.parametrize("scheme", ["cd", "rdm"])
def test_untrained_board_shows_the_expectation_of_the_first_update(scheme: str) -> None:
    recipe = quick_recipe("xor", scheme=scheme, batch_size=20_000)
    curves = {
        name: numbers(panels(job, "all", 200)[0].figure["data"][row]["y"])[0]
        for name, job in (("start", new_job(recipe)), ("first", trained(recipe, until=1)))
        for row in (1,)
    }
    assert curves["start"] == pytest.approx(curves["first"], abs=0.03)


def test_film_moves_all_panels_and_ends_at_the_board() -> None:
    job = trained(quick_recipe())
    shot, made = job.snapshot, film(job, "all")
    names = {panel.name for panel in panels(job, "all", 200)}
    for frame, moment in zip(made.frames, shot.frames, strict=True):
        assert set(frame.patches) == names
        assert str(moment.state.update) in frame.label
    last = numbers(made.frames[-1].patches["weights"]["data"]["0"]["z"])
    np.testing.assert_array_equal(last[:-1, :-1], shot.rbm.weights.numpy())


@pytest.mark.parametrize("scale", get_args(Scale))
def test_heatmap_is_symmetric_about_zero_whatever_its_scale(scale: Scale) -> None:
    draw = np.random.default_rng(3).standard_normal
    cells = weights.cells(draw((5, 3)), draw(5), 9 * draw(3), scale)
    assert cells["zmin"] == -cells["zmax"]
    if scale == "unit":
        assert np.nanmax(np.abs(numbers(cells["z"])), axis=0) == pytest.approx(np.ones(4))
    if scale == "all":
        assert np.nanmax(np.abs(numbers(cells["z"]))) == pytest.approx(cells["zmax"])


def test_heatmap_numbers_are_the_parameters_in_every_scale() -> None:
    draw = np.random.default_rng(3).standard_normal
    parameters = (draw((5, 3)), draw(5), draw(3))
    texts = [weights.cells(*parameters, scale)["text"] for scale in get_args(Scale)]
    assert texts[0] == texts[1] == texts[2]
    assert texts[0][-1][-1] == ""


def test_crossing_is_where_tau_first_passes_k() -> None:
    at = np.array([0.0, 10.0, 20.0, 30.0])
    k = np.full(4, 4.0)
    assert regime.crossing(at, np.array([1.0, 3.0, 5.0, 2.0]), k) == (20.0, 4.0)
    assert regime.crossing(at, np.array([1.0, 3.0, 4.0, 2.0]), k) is None
    assert regime.crossing(at, np.array([1.0, np.inf, 4.0, 2.0]), k) == (10.0, 4.0)


def test_each_frame_of_the_film_tells_the_numbers_of_its_own_machine() -> None:
    job = trained(quick_recipe("xor"))
    for frame, moment in zip(film(job, "all").frames, job.snapshot.frames, strict=True):
        largest = max(float(p.abs().max()) for p in moment.state.rbm.parameters())
        assert f"the largest in size is {largest:.3f}." in frame.patches["weights"]["alt"]
        mass = float(moment.measures.valid_mass or math.nan)
        assert f"{100 * mass:.1f} % exact" == frame.patches["mass"]["note"]


def test_a_film_is_made_once_for_each_moment_and_scale() -> None:
    job = trained(quick_recipe())
    first = film(job, "all")
    assert film(job, "all") is first
    assert film(job, "unit") is not first
    other = trained(quick_recipe(seed=1))
    assert film(other, "all") is not first


@pytest.mark.parametrize("slug", ["xor-ready", "and-from-scratch", "too-few-hidden"])
def test_gap_on_screen_is_the_command_lines_for_the_same_machine(
    slug: str, capsys: Capture
) -> None:
    job = trained(PRESETS[slug].recipe)
    last = lines(capsys, "train", "--preset", slug)[-1]
    assert last["parameters"] == fingerprint(job.snapshot.rbm)
    note = next(panel for panel in panels(job, "all", 200) if panel.name == "free_energy").note
    gap = f"{last['free_energy_gap']:.3f}".replace("-", "−")
    assert note == f"gap {gap}, mean of epoch 20"
    assert job.snapshot.epochs["success_rate"][-1] == pytest.approx(last["success_rate"])


def test_gap_says_which_mean_it_is() -> None:
    def note(until: int) -> str:
        return panels(trained(quick_recipe(), until), "all", 200)[0].note

    assert note(0).endswith("as expected")
    assert note(50).endswith("of the last updates")
    assert note(250).endswith("mean of epoch 2")


def test_a_fork_keeps_the_means_of_the_epochs_before_it() -> None:
    parent = trained(quick_recipe())
    frame = next(n for n, f in enumerate(parent.snapshot.frames) if f.state.update > 200)
    child = advance(fork(parent, frame, parent.recipe))
    for name in ("update", "free_energy_data"):
        ours, theirs = child.snapshot.epochs[name], parent.snapshot.epochs[name]
        np.testing.assert_array_equal(ours[:2], theirs[:2])


def test_k_against_tau_says_what_it_means() -> None:
    """The trained XOR forgets slowly; the untrained one at once."""
    for until, told in ((None, "remember"), (0, "forget")):
        job = trained(PRESETS["xor-ready"].recipe, until)
        panel = next(panel for panel in panels(job, "all", 200) if panel.name == "regime")
        assert told in panel.note
        assert told in panel.alt


def test_where_nothing_happens_colours_are_pale_and_curves_are_flat() -> None:
    job = trained(PRESETS["asleep"].recipe)
    board = {panel.name: panel.figure for panel in panels(job, "all", 200)}
    for scale in get_args(Scale):
        cells = weights.cells(np.full((3, 4), 0.02), np.full(3, 0.02), np.full(4, 0.02), scale)
        assert np.nanmax(np.abs(numbers(cells["z"]))) <= 0.05 * cells["zmax"]
    for name, axis, trace in (("free_energy", "yaxis", 0), ("free_energy", "yaxis2", 2)):
        values = numbers(board[name]["data"][trace]["y"])
        low, high = board[name]["layout"][axis]["range"]
        assert low <= values.min() <= values.max() <= high
        assert np.ptp(values) < 0.25 * (high - low)
