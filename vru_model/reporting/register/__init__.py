"""The register of programmes as people read it: cards, strategies, virtual trials, a map."""
