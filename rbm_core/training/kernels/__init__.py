"""Kernels of training: one contrastive gradient each, by one law."""
