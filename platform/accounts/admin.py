from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.utils.translation import gettext_lazy as _

from accounts.models import User


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    list_display = ["username", "nickname", "email", "is_active", "is_staff", "last_login"]
    search_fields = ["username", "nickname", "email"]
    fieldsets = (*(BaseUserAdmin.fieldsets or ()), (_("On the site"), {"fields": ["nickname", "language"]}))
