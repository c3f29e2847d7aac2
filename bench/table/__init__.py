"""The parts of the one command that measures the shop: bench/run.py without a name."""
