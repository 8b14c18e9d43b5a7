"""Organizations: what they are, where they are registered, where and what for they work."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.abbreviations import with_other_forms
from accounts.models.people import User
from accounts.models.spheres import Sphere
from forum.lib.derived import DerivedTextField
from forum.lib.folding import fold, polish_order


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def named(self, name: str) -> "OrganizationQuerySet":
        """Organizations that carry this name, in full or in short."""
        return self.filter(Q(name__iexact=name) | Q(short_name__iexact=name))

    def registered_as(self, register: str, number: str) -> "OrganizationQuerySet":
        """The organization with this number in this register: one or none."""
        return self.filter(register=register, register_number=number).exclude(register_number="")

    def claimed(self) -> "OrganizationQuerySet":
        return self.filter(is_claimed=True)

    def unclaimed(self) -> "OrganizationQuerySet":
        """Profiles from a public list, for which nobody speaks yet."""
        return self.filter(is_claimed=False)

    def verified(self) -> "OrganizationQuerySet":
        """Those whose name and number are the ones that were checked; as `is_verified` says."""
        return self.filter(
            verified_at__isnull=False,
            verified_name=F("name"),
            verified_register=F("register"),
            verified_number=F("register_number"),
        )

    def needing_succession(self) -> "OrganizationQuerySet":
        """Those whose last representative went: the adviser looks for the next one."""
        return self.filter(needs_succession_since__isnull=False)

    def entitled(self) -> "OrganizationQuerySet":
        """Those that the act counts; as `is_entitled` says."""
        return self.exclude(kind__in=Organization.NOT_ENTITLED)

    def in_gmina(self, gmina: str) -> "OrganizationQuerySet":
        """Those that have their seat there, or work there."""
        there = OrganizationGmina.objects.filter(organization=OuterRef("pk"), gmina=gmina)
        return self.filter(Q(gmina=gmina) | Exists(there))

    def in_sphere(self, sphere: str) -> "OrganizationQuerySet":
        works = OrganizationSphere.objects.filter(organization=OuterRef("pk"), sphere=sphere)
        return self.filter(Exists(works))


class Organization(models.Model):
    """A body of people in whose name a member with a mandate may speak.

    Source: act of 24 April 2003 on public benefit activity, art. 3 ust. 2 and 3 (the kinds);
    docs/decisions/0022-organizations.md.
    """

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("association")
        ORDINARY_ASSOCIATION = "ordinary_association", _("ordinary association")
        FOUNDATION = "foundation", _("foundation")
        FIRE_BRIGADE = "fire_brigade", _("volunteer fire brigade")
        SPORTS_CLUB = "sports_club", _("sports club")
        PUPILS_SPORTS_CLUB = "pupils_sports_club", _("pupils' sports club")
        RURAL_WOMENS_CIRCLE = "rural_womens_circle", _("rural women's circle")
        SOCIAL_COOPERATIVE = "social_cooperative", _("social co-operative")
        CHURCH = "church", _("church legal person")
        GOVERNMENT_ASSOCIATION = (
            "government_association",
            _("association of local-government units"),
        )
        NON_PROFIT_COMPANY = "non_profit_company", _("non-profit company")
        UNION = "union", _("union of associations")
        LOCAL_BRANCH = "local_branch", _("local branch")
        INFORMAL = "informal", _("informal group")
        LOCAL_GOVERNMENT = "local_government", _("local-government unit")
        OFFICE = "office", _("county office")
        BUSINESS = "business", _("business partner")

    class Gmina(models.TextChoices):
        PRUSZKOW = "pruszkow", "Pruszków"
        BRWINOW = "brwinow", "Brwinów"
        PIASTOW = "piastow", "Piastów"
        RASZYN = "raszyn", "Raszyn"
        MICHALOWICE = "michalowice", "Michałowice"
        NADARZYN = "nadarzyn", "Nadarzyn"

    class Register(models.TextChoices):
        NONE = "none", _("in no register")
        KRS = "krs", _("National Court Register (KRS)")
        ORDINARY_ASSOCIATIONS = (
            "ordinary_associations",
            _("the starosta's register of ordinary associations"),
        )
        SPORTS_CLUBS = "sports_clubs", _("the starosta's register of sports clubs")
        KRKGW = "krkgw", _("National Register of Rural Women's Circles (KRKGW)")
        CHURCH = "church", _("church act or decree")
        OTHER = "other", _("another register")

    # Their words are official: only those who work for the forum give these kinds.
    GIVEN_BY_STAFF = (Kind.OFFICE, Kind.LOCAL_GOVERNMENT)
    # These talk here as everybody does; their remark is not one of an entitled entity.
    NOT_ENTITLED = (Kind.INFORMAL, Kind.LOCAL_GOVERNMENT, Kind.OFFICE, Kind.BUSINESS)

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    searched_words = DerivedTextField(method="words_to_search")
    sorted_name = DerivedTextField(method="name_to_sort")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    # The seat; where else it works stands in `other_gminas`.
    gmina = models.CharField(_("commune"), max_length=20, choices=Gmina, blank=True)
    register = models.CharField(
        _("register"), max_length=30, choices=Register, default=Register.NONE
    )
    register_number = models.CharField(_("number in the register"), max_length=40, blank=True)
    nip = models.CharField(_("tax number (NIP)"), max_length=10, blank=True)
    regon = models.CharField(_("statistical number (REGON)"), max_length=14, blank=True)
    is_opp = models.BooleanField(_("public benefit organization (OPP)"), default=False)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="branches",
        verbose_name=_("branch of"),
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    website = models.URLField(_("web site"), max_length=200, blank=True)
    email = models.EmailField(_("public e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("public telephone"), max_length=40, blank=True)
    description_source = models.TextField(_("about the organization"), blank=True)
    description_format = models.CharField(max_length=10, default="markdown", editable=False)
    description_html = models.TextField(blank=True, editable=False)
    # Names the picture in its address; empty where there is none.
    logo_digest = models.CharField(max_length=32, blank=True, editable=False)
    is_claimed = models.BooleanField(_("somebody speaks for it"), default=True)
    # Set when the last representative went; cleared by the next one.
    needs_succession_since = models.DateTimeField(
        _("without a representative since"), null=True, blank=True, editable=False
    )
    # What was checked, and by whom: the badge holds while it equals what the profile says.
    verified_name = models.CharField(max_length=160, blank=True, editable=False)
    verified_register = models.CharField(max_length=30, blank=True, editable=False)
    verified_number = models.CharField(max_length=40, blank=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name"]
        indexes = [models.Index(fields=["sorted_name", "id"], name="organization_by_name")]
        constraints = [
            # Two villages may have a club of one name; the seat tells them apart.
            models.UniqueConstraint(fields=["name", "gmina"], name="organization_name_in_gmina"),
            models.UniqueConstraint(
                fields=["register", "register_number"],
                condition=~Q(register_number=""),
                name="organization_register_number",
            ),
            models.CheckConstraint(
                condition=~Q(register="none") | Q(register_number=""),
                name="organization_number_has_a_register",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="organization_is_no_branch_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:profile", args=[self.pk])

    def words_to_search(self) -> str:
        """Its names and where it is, folded; abbreviations in their other form too."""
        return with_other_forms(fold(f"{self.name} {self.short_name} {self.get_gmina_display()}"))

    def name_to_sort(self) -> str:
        return polish_order(self.name)

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def is_office(self) -> bool:
        return self.kind == self.Kind.OFFICE

    @property
    def is_entitled(self) -> bool:
        """Whether the act counts it: art. 3 ust. 2 (NGOs) and ust. 3 (those treated alike)."""
        return self.kind not in self.NOT_ENTITLED

    @property
    def is_verified(self) -> bool:
        """Whether the name and the number are the ones that were checked."""
        checked = (self.verified_name, self.verified_register, self.verified_number)
        return self.verified_at is not None and checked == (
            self.name,
            self.register,
            self.register_number,
        )


class OrganizationGmina(models.Model):
    """A commune where an organization works, beyond that of its seat."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="other_gminas")
    gmina = models.CharField(_("commune"), max_length=20, choices=Organization.Gmina)

    class Meta:
        verbose_name = _("commune of work")
        verbose_name_plural = _("communes of work")
        constraints = [
            models.UniqueConstraint(
                fields=["gmina", "organization"], name="organization_in_a_gmina_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_gmina_display()


class OrganizationSphere(models.Model):
    """A sphere of public tasks that an organization works in."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="spheres")
    sphere = models.CharField(_("sphere of public tasks"), max_length=4, choices=Sphere)

    class Meta:
        verbose_name = _("sphere of public tasks")
        verbose_name_plural = _("spheres of public tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["sphere", "organization"], name="organization_in_a_sphere_once"
            ),
        ]

    def __str__(self) -> str:
        return self.get_sphere_display()


class OrganizationLogo(models.Model):
    """The picture of an organization, made small; one row, so that a list never reads it."""

    organization = models.OneToOneField(
        Organization, models.CASCADE, primary_key=True, related_name="logo"
    )
    webp = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return str(self.organization_id)
