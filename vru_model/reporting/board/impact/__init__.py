"""The board paper "Impact and evaluation": which programmes to stop, adapt, continue or scale."""
