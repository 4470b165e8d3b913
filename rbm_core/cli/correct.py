"""`correct`: spoil a row of a truth table and watch the machine repair it."""

from __future__ import annotations

import argparse

from rbm_core.cli.options import add_checkpoint, add_json, read_checkpoint, read_dataset
from rbm_core.cli.output import cell_text, json_line, row_text
from rbm_core.errors import ConfigError, require_whole
from rbm_core.experiments.correction import (
    CorrectionConfig,
    CorrectionResult,
    ExpectedCorrection,
    correct,
    expected_correction,
)
from rbm_core.generators import make_generator

__all__ = ["NAME", "SUMMARY", "add_arguments", "run"]

NAME = "correct"
SUMMARY = "Flip an output bit and follow the repair: exact expectation beside sampled chains."

COLUMNS = ("step", "expected_p_valid", "sampled_p_valid")
VERDICTS = ("repaired_by_output", "repaired_by_input", "unrepaired")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the subcommand's flags."""
    add_checkpoint(parser)
    parser.add_argument(
        "--gate",
        "--dataset",
        metavar="NAME",
        help="the truth table (default: what the file says it was trained on)",
    )
    parser.add_argument("--steps", type=int, default=8, metavar="N", help="Gibbs steps (8)")
    parser.add_argument(
        "--clamp-inputs", action="store_true", help="hold the input bits (default: they are free)"
    )
    parser.add_argument(
        "--row", type=int, metavar="N", help="row to spoil, from 0 (default: all, equally likely)"
    )
    parser.add_argument(
        "--output", type=int, default=0, metavar="N", help="output bit to flip, from 0 (0)"
    )
    parser.add_argument("--chains", type=int, default=1000, metavar="N", help="chains (1000)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the chains (0)")
    add_json(parser)


def run(options: argparse.Namespace) -> None:
    """Print the correction curve and who repaired the row."""
    require_whole("--chains", options.chains)
    generator = make_generator(options.seed, "correct")
    config = CorrectionConfig(
        n_steps=options.steps,
        clamp_inputs=options.clamp_inputs,
        row=options.row,
        output=options.output,
    )
    rbm, checkpoint = read_checkpoint(options.checkpoint)
    name = options.gate or (checkpoint.recipe.dataset if checkpoint.recipe else None)
    if name is None:
        raise ConfigError(
            f"{options.checkpoint} does not say what it was trained on; add --gate, for example "
            "--gate and"
        )
    dataset = read_dataset(name, rbm)
    expected = expected_correction(rbm, dataset, config)
    sampled = correct(rbm, dataset, config, n_chains=options.chains, generator=generator)
    (_print_json if options.json else _print_table)(expected, sampled)


def _curves(expected: ExpectedCorrection, sampled: CorrectionResult) -> list[list[object]]:
    """Step, exact and sampled probability of a legal row, one list per step from 0."""
    pairs = zip(expected.p_legal.tolist(), sampled.p_legal.double().mean(-1).tolist(), strict=True)
    return [[step, *pair] for step, pair in enumerate(pairs)]


def _print_json(expected: ExpectedCorrection, sampled: CorrectionResult) -> None:
    for row in _curves(expected, sampled):
        print(json_line(dict(zip(COLUMNS, row, strict=True))))
    summary: dict[str, object] = {"summary": True, "n_chains": sampled.p_legal.shape[-1]}
    for verdict in VERDICTS:
        summary[f"expected_{verdict}"] = getattr(expected, verdict)
        summary[f"sampled_{verdict}"] = getattr(sampled, verdict)
    print(json_line(summary))


def _print_table(expected: ExpectedCorrection, sampled: CorrectionResult) -> None:
    print(row_text(COLUMNS, COLUMNS))
    for row in _curves(expected, sampled):
        print(row_text(row, COLUMNS))
    for verdict in VERDICTS:
        exact, drawn = getattr(expected, verdict), getattr(sampled, verdict)
        print(f"{verdict.replace('_', ' ')}: {cell_text(exact)} exact, {cell_text(drawn)} sampled")
