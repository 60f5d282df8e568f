from django.apps import AppConfig


class HlsConfig(AppConfig):
    name = "hls"
    verbose_name = "The house"
