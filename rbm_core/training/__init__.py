"""Settings, state, kernels and the run of a training by CD, PCD or Rdm."""
