"""Web push: where a device may be reached, what is sealed for it, and how it is sent.

Source: RFC 8030 (protocol), RFC 8291 (encryption), RFC 8292 (VAPID);
docs/decisions/0034-web-push.md.
"""
