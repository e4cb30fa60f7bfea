from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from qitong.server.bodies import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qitong.server.settings")
application = whole_bodies(get_wsgi_application())
