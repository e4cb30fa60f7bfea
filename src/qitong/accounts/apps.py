from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "qitong.accounts"
    label = "accounts"
