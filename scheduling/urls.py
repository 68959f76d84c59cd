from django.urls import URLPattern, URLResolver, path

from scheduling.views import capacity, desk, find, hours, requests, schedule

app_name = "scheduling"
urlpatterns: list[URLPattern | URLResolver] = [
    path("b/<slug:slug>/capacity/", capacity.capacity, name="capacity"),
    path("b/<slug:slug>/capacity/pencil/", capacity.capacity_pencil, name="capacity-pencil"),
    path("b/<slug:slug>/capacity/copy/", capacity.capacity_copy, name="capacity-copy"),
    path("b/<slug:slug>/capacity/paste/", capacity.capacity_paste, name="capacity-paste"),
    path("b/<slug:slug>/capacity/hours/", hours.hours, name="hours"),
    path("b/<slug:slug>/capacity/hours/confirm/", hours.hours_confirm, name="hours-confirm"),
    path("b/<slug:slug>/capacity/requests/", requests.requests, name="requests"),
    path("b/<slug:slug>/capacity/requests/<uuid:request_id>/", requests.capacity_request, name="request"),
    path("b/<slug:slug>/capacity/requests/<uuid:request_id>/design/", requests.request_design, name="request-design"),
    path(
        "b/<slug:slug>/capacity/requests/<uuid:request_id>/design/state/",
        requests.request_design_state,
        name="request-design-state",
    ),
    path(
        "b/<slug:slug>/capacity/requests/<uuid:request_id>/publish/", requests.request_publish, name="request-publish"
    ),
    path("b/<slug:slug>/capacity/requests/<uuid:request_id>/cancel/", requests.request_cancel, name="request-cancel"),
    path("b/<slug:slug>/capacity/shifts/<uuid:shift_id>/", requests.shift, name="shift"),
    path("work/find/", find.find, name="find"),
    path("work/find/<uuid:shift_id>/claim/", find.shift_claim, name="shift-claim"),
    path("work/schedule/", schedule.schedule, name="schedule"),
    path("work/schedule/<uuid:claim_id>/", find.claim, name="claim"),
    path("work/schedule/<uuid:claim_id>/undo/", find.claim_undo, name="claim-undo"),
    path("work/schedule/<uuid:claim_id>/release/", find.claim_release, name="claim-release"),
    path("work/desk/", desk.desk, name="desk"),
    path("work/desk/<uuid:claim_id>/check-in/", desk.desk_check_in, name="desk-check-in"),
    path("work/desk/<uuid:session_id>/state/", desk.desk_state, name="desk-state"),
    path("work/desk/<uuid:session_id>/beat/", desk.desk_beat, name="desk-beat"),
    path("work/desk/<uuid:session_id>/check-out/", desk.desk_check_out, name="desk-check-out"),
]
