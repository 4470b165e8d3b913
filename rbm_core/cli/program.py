"""The program itself: its parser, and how errors become one line and exit code 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from rbm_core import __version__
from rbm_core.cli import correct, data, evaluate, presets, sample, train, trajectory
from rbm_core.errors import RBMError

__all__ = ["PROGRAM", "command_parsers", "main"]

PROGRAM = "python -m rbm_core"
BAD_INPUT = 2
INTERRUPTED = 130

_SUBCOMMANDS = (presets, train, evaluate, trajectory, sample, correct, data)


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, without the usage above it."""

    def error(self, message: str) -> NoReturn:
        one_line = " ".join(message.split())
        self.exit(BAD_INPUT, f"{self.prog}: {one_line}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Words after the program's name; None means those of the process.

    Returns:
        Exit code: 0, 2 for bad input (told in one line on stderr), 130 when interrupted.
    """
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as done:  # argparse has said all there is to say
        return int(done.code or 0)
    try:
        options.run(options)
        sys.stdout.flush()
    except RBMError as error:
        print(f"{PROGRAM} {options.command}: {' '.join(str(error).split())}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(f"{PROGRAM} {options.command}: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of stdout has left (`| head`); give the interpreter's last flush a sink.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def command_parsers() -> dict[str, argparse.ArgumentParser]:
    """The parser of each subcommand by its name, for the documentation."""
    parsers: dict[str, argparse.ArgumentParser] = {}
    for module in _SUBCOMMANDS:
        parser = _Parser(
            prog=f"{PROGRAM} {module.NAME}", description=module.SUMMARY, allow_abbrev=False
        )
        module.add_arguments(parser)
        parsers[module.NAME] = parser
    return parsers


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="Train, evaluate and correct binary Restricted Boltzmann Machines.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"RBM Lab {__version__}")
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=_Parser
    )
    for module in _SUBCOMMANDS:
        command = commands.add_parser(
            module.NAME, help=module.SUMMARY, description=module.SUMMARY, allow_abbrev=False
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    return parser
