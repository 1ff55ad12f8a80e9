"""The loops of the model, each with its switch, and the causal share.

A switch turns one mechanism off everywhere at once, so that its contribution can be measured
by a knock-out. The causal share multiplies every long-run pathway: what is left out of it is
association, and no lever.
"""

from vru_model.parameters.sections import Coefficients


def effective(coefficients: Coefficients, switches: dict[str, bool]) -> Coefficients:
    """Return the coefficients with the causal share in them and switched-off loops at zero."""
    share = coefficients.causes.causal_share
    off = {name for name, on in switches.items() if not on}
    acting, grievance = coefficients.acting, coefficients.grievance
    victims, early = coefficients.victims, coefficients.early_life
    areas = coefficients.neighbourhoods
    acting = acting._replace(
        ace=share * acting.ace,
        trauma=0.0 if "trauma" in off else share * acting.trauma,
        peer_norm=0.0 if "peers" in off else acting.peer_norm,
        excluded=0.0 if "exclusion" in off else acting.excluded,
        collective_efficacy=0.0 if "fear_and_efficacy" in off else acting.collective_efficacy,
    )
    if "retaliation" in off:
        grievance = grievance._replace(acts_per_month=0.0)
    if "trauma" in off:
        victims = victims._replace(trauma=0.0)
    between = 0.0 if "intergenerational_ace" in off else share
    early = early._replace(
        carer_violent=between * early.carer_violent,
        carer_ace=between * early.carer_ace,
        carer_trauma=0.0 if "trauma" in off else between * early.carer_trauma,
        self_regulation_loss=share * early.self_regulation_loss,
    )
    schooling = coefficients.schooling
    weapons = coefficients.weapons
    schooling = schooling._replace(exclusion_ace=share * schooling.exclusion_ace)
    if "exclusion" in off:
        weapons = weapons._replace(knife_excluded=0.0)
        schooling = schooling._replace(neet_excluded=0.0)
    if "fear_and_efficacy" in off:
        areas = areas._replace(efficacy_fear=0.0)
    return coefficients._replace(
        acting=acting, grievance=grievance, victims=victims, early_life=early,
        schooling=schooling, neighbourhoods=areas, weapons=weapons,
    )  # fmt: skip
