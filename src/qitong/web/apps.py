from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "qitong.web"
    label = "web"
