"""The command line: thin subcommands over the engine, with the same numbers as the app."""

from rbm_core.cli.program import main

__all__ = ["main"]
