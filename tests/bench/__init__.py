"""Benchmarks: medians and ratios of one run, printed as Markdown. Never part of the tests, since machines are noisy."""
