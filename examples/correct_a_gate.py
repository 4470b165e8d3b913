"""Train a gate, flip its output bit, and see who repairs the row.

    python -m examples.correct_a_gate

AND is trained from scratch, in about a second. What is called exact comes from enumeration, what is
called sampled from 1000 chains.
"""

from __future__ import annotations

from rbm_core import (
    RBM,
    CorrectionConfig,
    Dataset,
    Recipe,
    correct,
    expected_correction,
    log_likelihood,
    make_generator,
    preset,
    relaxation_time,
    valid_mass,
)

PRESET = "and-from-scratch"
N_STEPS = 8
N_CHAINS = 1000


def train_gate(recipe: Recipe, dataset: Dataset) -> RBM:
    """Train a machine, and print what enumeration says of it after each fourth epoch."""
    run = recipe.start(dataset)
    for record in run:
        if record.epoch % 4 == 0:
            print(
                f"update {record.update:5d}"
                f"  log-likelihood {float(log_likelihood(run.rbm, dataset.train)):7.4f}"
                f"  valid mass {float(valid_mass(run.rbm, dataset)):.4f}"
                f"  relaxation time {float(relaxation_time(run.rbm)):5.1f} steps"
            )
    return run.rbm


def main() -> None:
    """Train, flip, watch."""
    recipe = preset(PRESET).recipe
    dataset = recipe.load_dataset()
    rbm = train_gate(recipe, dataset)

    config = CorrectionConfig(n_steps=N_STEPS, clamp_inputs=False)
    exact = expected_correction(rbm, dataset, config)
    generator = make_generator(recipe.seed, "example")
    sampled = correct(rbm, dataset, config, n_chains=N_CHAINS, generator=generator)
    print("\nThe output bit is flipped, the inputs are free. Probability of a legal row:")
    curves = zip(exact.p_legal.tolist(), sampled.p_legal.mean(-1).tolist(), strict=True)
    for step, (p_exact, p_sampled) in enumerate(curves):
        print(f"step {step}  exact {p_exact:.4f}  sampled {p_sampled:.4f}")
    print(
        f"repaired by the output {exact.repaired_by_output:.4f} exact,"
        f" {sampled.repaired_by_output:.4f} sampled; the others by an input"
    )


if __name__ == "__main__":
    main()
