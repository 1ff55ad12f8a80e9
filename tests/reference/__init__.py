"""The plain model's parts, to be read after ``tests/reference_model.py`` and in this order:

world, places, resident, ages, founding, life_course, childhood, ties, programmes, acting, victims,
harm, consequences.
"""
