"""How well a machine knows its data, where the exact log-likelihood is out of reach."""
