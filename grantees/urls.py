from django.urls import path

from grantees import views

app_name = "grantees"

urlpatterns = [
    path("hats/switch/", views.hat_switch, name="hat_switch"),
    path("invitations/<str:token>/", views.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/join/", views.invitation_join, name="invitation_join"),
    path("invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitations/<int:pk>/resend/", views.invitation_resend, name="invitation_resend"),
    path("organisations/<int:pk>/people/", views.people, name="people"),
    path("organisations/<int:pk>/people/invite/", views.people_invite, name="people_invite"),
    path("memberships/<int:pk>/end/", views.membership_end, name="membership_end"),
]
