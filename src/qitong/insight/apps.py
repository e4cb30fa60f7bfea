from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "qitong.insight"
    label = "insight"
