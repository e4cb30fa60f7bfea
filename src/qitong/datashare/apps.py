from django.apps import AppConfig


class DatashareConfig(AppConfig):
    name = "qitong.datashare"
    label = "datashare"
