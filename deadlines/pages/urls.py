from django.urls import path

from deadlines.pages import calculator, rules, work_calendar

urlpatterns = [
    path("calculator/", calculator.calculator, name="calculator"),
    path("rules/", rules.rule_list, name="rule_list"),
    path("calendar/", work_calendar.this_year, name="work_calendar_now"),
    path("calendar/<int:year>/", work_calendar.work_calendar, name="work_calendar"),
]
