"""The machine and its samplers: energies, Gibbs steps, tempering, and the numbering of states."""
