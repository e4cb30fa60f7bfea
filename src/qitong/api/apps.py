from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "qitong.api"
    label = "api"
