from django.contrib import admin

from courses.models import CalendarDay, Course, CourseRound, Enrolment, Topic


class CalendarDayInline(admin.TabularInline):
    model = CalendarDay
    extra = 0
    filter_horizontal = ["topics"]


class EnrolmentInline(admin.TabularInline):
    model = Enrolment
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Course)
class CourseAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "timezone"]
    search_fields = ["name", "slug"]


@admin.register(CourseRound)
class CourseRoundAdmin(admin.ModelAdmin):
    list_display = ["name", "course", "starts_on", "ends_on", "is_active"]
    list_filter = ["course", "is_active"]
    list_select_related = ["course"]
    search_fields = ["name", "course__name"]
    date_hierarchy = "starts_on"
    inlines = [CalendarDayInline, EnrolmentInline]


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["position", "slug", "title_ko", "title_en", "pages"]
    list_display_links = ["slug"]
    search_fields = ["slug", "title_ko", "title_en"]


@admin.register(Enrolment)
class EnrolmentAdmin(admin.ModelAdmin):
    list_display = ["user", "round", "role"]
    list_filter = ["round", "role"]
    list_select_related = ["user", "round__course"]
    search_fields = ["user__username", "user__nickname"]
    autocomplete_fields = ["user", "round"]
