"""The paper "System change": who pays and saves, boundaries between partners, pilots, pooling."""
