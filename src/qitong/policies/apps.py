from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "qitong.policies"
    label = "policies"
