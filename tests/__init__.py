"""The tests, importable so that benchmarks can use what stands in them (such as the model server)."""
