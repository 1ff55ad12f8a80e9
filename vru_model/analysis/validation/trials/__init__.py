"""Virtual trials: published designs, carried out in worlds where the truth is known."""
