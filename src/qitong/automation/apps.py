from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "qitong.automation"
    label = "automation"
