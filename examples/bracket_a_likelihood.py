"""Bracket the likelihood of a machine that is too large to enumerate.

    python -m examples.bracket_a_likelihood

The digits machine that comes trained has 2^64 visible states. Annealed importance sampling errs
low on log Z, run backwards it errs high: the truth lies between, give or take the standard errors,
which can put the ends of a narrow bracket the wrong way round. Longer annealing closes it. The
backward runs begin at chains from the data, so they are as good as those chains have mixed.
"""

from __future__ import annotations

from rbm_core import (
    Bracket,
    binarise,
    load_pretrained,
    log_likelihood_bracket,
    log_partition_bracket,
    make_generator,
)

MACHINE = "small-digits"
SCHEDULES = ("linear-100", "linear-1000")
N_RUNS = 200


def text(bracket: Bracket) -> str:
    """Both ends, each with its standard error."""
    return (
        f"{float(bracket.lower):8.3f} ± {float(bracket.lower_std_error):.3f}"
        f" to {float(bracket.upper):8.3f} ± {float(bracket.upper_std_error):.3f}"
    )


def main() -> None:
    """Bracket log Z and the mean log p(v) of held-out digits, coarsely and more finely."""
    trained = load_pretrained(MACHINE)
    dataset = trained.recipe.load_dataset()
    bits = trained.recipe.training.binarisation
    train, test = (
        binarise(dataset.split(split), bits, make_generator(0, "binarise", split))
        for split in ("train", "test")
    )
    for betas in SCHEDULES:
        log_z = log_partition_bracket(
            trained.rbm, make_generator(0, "ais"), data=train, betas=betas, n_runs=N_RUNS
        )
        log_p = log_likelihood_bracket(trained.rbm, test, log_z)
        print(f"{betas:12s} log Z    {text(log_z)} nats")
        print(f"{betas:12s} log p(v) {text(log_p)} nats per digit")
    print(f"{trained.betas}, when the machine was made: {text(trained.log_likelihood)}")


if __name__ == "__main__":
    main()
