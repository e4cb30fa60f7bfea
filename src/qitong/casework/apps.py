from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "qitong.casework"
    label = "casework"
