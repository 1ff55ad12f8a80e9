"""What stands behind the notebooks, so that their cells stay thin."""
