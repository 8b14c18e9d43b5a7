from django.urls import path

from forum.overview.views import home, organization, search, welcome

app_name = "overview"
urlpatterns = [
    path("", home.home, name="home"),
    path("answers-owed/", home.owed, name="owed"),
    path("search/", search.search, name="search"),
    path("search/similar/", search.similar, name="similar"),
    path("welcome/", welcome.welcome, name="welcome"),
]
# Under the namespace `organizations`, together with the pages of accounts.
organization_patterns = [
    path("<int:pk>/", organization.profile, name="profile"),
    path("<int:pk>/threads/", organization.threads, name="threads"),
    path("<int:pk>/posts/", organization.posts, name="posts"),
]
