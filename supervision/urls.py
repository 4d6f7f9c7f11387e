from django.urls import path

from .views import health

app_name = "supervision"

urlpatterns = [
    # 运行状况
    path("health/live", health.live, name="health_live"),
    path("health/status", health.status, name="health_status"),
]
