"""The mock AWS: one moto session, the guard around it, the virtual clock, determinism, reset."""
