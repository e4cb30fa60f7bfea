from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "qitong.catalogue"
    label = "catalogue"
