"""What notifications keep: what happened, who was told, what members want to hear."""

from forum.notifications.models.channels import Bundle, BundleQuerySet, Channels, Device
from forum.notifications.models.deliveries import Delivery, DeliveryQuerySet
from forum.notifications.models.events import Event
from forum.notifications.models.follows import Follow, FollowQuerySet
from forum.notifications.models.notifications import Item, Notification, NotificationQuerySet
from forum.notifications.models.preferences import Preference
from forum.notifications.models.trays import Tray

__all__ = [
    "Bundle",
    "BundleQuerySet",
    "Channels",
    "Delivery",
    "DeliveryQuerySet",
    "Device",
    "Event",
    "Follow",
    "FollowQuerySet",
    "Item",
    "Notification",
    "NotificationQuerySet",
    "Preference",
    "Tray",
]
