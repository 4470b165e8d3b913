"""The programs that are measured, each behind the same two verbs."""

from benchmarks.programs.contender import CONTENDERS, Contender, Program, at_hand

__all__ = ["CONTENDERS", "Contender", "Program", "at_hand"]
