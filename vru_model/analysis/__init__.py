"""What stored runs mean: headline measures, plausibility, and the words for both."""
