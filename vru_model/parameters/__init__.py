"""Parameters are documents: YAML files with values, units, ranges and sources, checked on loading."""
