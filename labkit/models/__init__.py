"""Pure simulations: time is an argument, chance is an rng, a run returns its trace."""
