from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("me/", views.profile, name="profile"),
    path("me/password/", views.ChangePassword.as_view(), name="password_change"),
    path("me/big-type/", views.big_type, name="big_type"),
    path("me/set-aside/<int:pk>/discard/", views.discard_set_aside, name="discard_set_aside"),
]
