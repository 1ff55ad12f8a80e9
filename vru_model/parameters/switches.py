"""The loops of the model that a scenario may switch off, to see what each contributes."""

from __future__ import annotations

SWITCHES: dict[str, str] = {
    "retaliation": "grievance after violence sets off further acts",
    "trauma": "post-traumatic stress raises the risk of acting and of being a victim",
    "intergenerational_ace": "carers' violence, ACEs and trauma raise children's ACEs",
    "peers": "norms pass along ties between young people",
    "exclusion": "being excluded from school raises the risk of acting",
    "fear_and_efficacy": "violence lowers collective efficacy, and efficacy lowers violence",
    "ageing": "people age, are born, die and move",
    "patrol_follows_hot_spots": "patrolled places are chosen anew each year by recent violence",
    "incapacitation": "people in custody neither act nor are victims",
}
"""What each switch turns off everywhere at once; all are on unless a scenario says otherwise."""
