"""The spheres of public tasks that an organization may work in: a closed list of the law."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sphere(models.TextChoices):
    """Source: act of 24 April 2003 on public benefit activity, art. 4 ust. 1; wording shortened.

    The value is the point of the act, so that it can be cited: `1a` is art. 4 ust. 1 pkt 1a.
    """

    SOCIAL_AID = "1", _("social assistance")
    FAMILY_SUPPORT = "1a", _("support for families and foster care")
    LEGAL_AID = "1b", _("free legal aid and legal awareness")
    SOCIAL_INCLUSION = "2", _("integration of people at risk of exclusion")
    CHARITY = "3", _("charity")
    TRADITION = "4", _("national tradition, civic and cultural awareness")
    MINORITIES = "5", _("national and ethnic minorities, regional language")
    FOREIGNERS = "5a", _("integration of foreigners")
    HEALTH = "6", _("health protection and promotion")
    DISABILITY = "7", _("people with disabilities")
    EMPLOYMENT = "8", _("employment and return to work")
    EQUALITY = "9", _("equal rights of women and men")
    SENIORS = "10", _("people of retirement age")
    ENTERPRISE = "11", _("economic development and enterprise")
    TECHNOLOGY = "12", _("technology, invention and innovation")
    COMMUNITIES = "13", _("local communities and their development")
    EDUCATION = "14", _("science, education and upbringing")
    CHILDREN = "15", _("children and young people, holidays")
    CULTURE = "16", _("culture, art and heritage")
    SPORT = "17", _("sport and physical culture")
    ECOLOGY = "18", _("ecology, animals and natural heritage")
    TOURISM = "19", _("tourism and sightseeing")
    PUBLIC_ORDER = "20", _("public order and safety")
    DEFENCE = "21", _("national defence")
    HUMAN_RIGHTS = "22", _("human rights, freedoms and democracy")
    CIVIC_ADVICE = "22a", _("free civic advice")
    RESCUE = "23", _("rescue and civil protection")
    DISASTER_RELIEF = "24", _("help for victims of disasters and war")
    CONSUMERS = "25", _("consumers' rights")
    EUROPE = "26", _("European integration and contacts between societies")
    VOLUNTEERING = "27", _("volunteering")
    POLES_ABROAD = "28", _("Poles abroad")
    VETERANS_OF_STRUGGLE = "29", _("war veterans and victims of repression")
    VETERANS = "29a", _("veterans of missions abroad")
    PROMOTION = "30", _("promotion of Poland abroad")
    FAMILY = "31", _("family, motherhood and children's rights")
    ADDICTION = "32", _("prevention of addiction and social pathology")
    REVITALISATION = "32a", _("revitalisation")
    NGO_SUPPORT = "33", _("support for non-governmental organizations")


# What the county really funds; the others are shown after these.
FIRST_SPHERES = (
    Sphere.SOCIAL_AID,
    Sphere.TRADITION,
    Sphere.HEALTH,
    Sphere.DISABILITY,
    Sphere.COMMUNITIES,
    Sphere.EDUCATION,
    Sphere.CULTURE,
    Sphere.SPORT,
)
