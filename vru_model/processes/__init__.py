"""One module for each phase of a step; each kernel is the equation of its phase."""
