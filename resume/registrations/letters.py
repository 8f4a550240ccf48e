"""What the contact is told: received, and refused with the reason. A confirmation comes as an invitation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from resume.mail.letters import Letter, register

RECEIVED = register(Letter("registration_received", _("已收到企业注册"), "mail/registration_received.txt"))
REFUSED = register(Letter("registration_refused", _("企业注册未通过"), "mail/registration_refused.txt"))
