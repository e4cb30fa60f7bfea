from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "qitong.privacy"
    label = "privacy"
