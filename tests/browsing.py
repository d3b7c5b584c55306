"""A browser that somebody is signed in to."""

from django.test import Client

from accounts.models import User


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
