from django.urls import path

from grants.views import budget, grants

app_name = "grants"

urlpatterns = [
    path("grants/", grants.grant_list, name="list"),
    path("grants/<int:pk>/", grants.grant_detail, name="detail"),
    path("grants/<int:pk>/budget/", budget.budget_detail, name="budget"),
]
