from django.urls import path

from informants.pages import informant, openings, rewards

urlpatterns = [
    path("", openings.opening_list, name="opening_list"),
    path("<int:informant_id>/", informant.informant_page, name="informant_page"),
    path("<int:informant_id>/request/", openings.opening_new, name="opening_new"),
    path("<int:informant_id>/reward/", rewards.reward_new, name="reward_new"),
    path("openings/<int:opening_id>/", openings.opening_page, name="opening_page"),
    path("openings/<int:opening_id>/identity/", openings.identity, name="opening_identity"),
    *(
        path(f"openings/<int:opening_id>/{verb}/", openings.opening_verb, {"verb": verb}, name=f"opening_{verb}")
        for verb in openings.VERBS
    ),
    path("rewards/", rewards.reward_list, name="reward_list"),
    path("rewards/<int:reward_id>/", rewards.reward_page, name="reward_page"),
    *(
        path(f"rewards/<int:reward_id>/{verb}/", rewards.reward_verb, {"verb": verb}, name=f"reward_{verb}")
        for verb in rewards.VERBS
    ),
]
