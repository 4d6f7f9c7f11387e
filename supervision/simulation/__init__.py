"""A simulated year: an invented congress, its people acting with plausible delays, and the daily job for real.

For tests and benchmarks. It runs in an empty database alone, and no message leaves it.
"""
