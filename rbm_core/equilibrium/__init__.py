"""Is a chain at equilibrium, how good is what it generates, what do the weights know?"""
