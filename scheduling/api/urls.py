from django.urls import URLPattern, URLResolver, path

from scheduling.api import autofill, brand, me, quotes, release, staffing

_BRAND = "brands/<slug:slug>"
urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_BRAND}/capacity-requests/", brand.RequestList.as_view(), name="api-capacity-request-list"),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/",
        brand.RequestDetail.as_view(),
        name="api-capacity-request-detail",
    ),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/intervals/",
        brand.RequestIntervals.as_view(),
        name="api-capacity-request-intervals",
    ),
    path(f"{_BRAND}/staffing/calculate/", staffing.StaffingCalculate.as_view(), name="api-staffing-calculate"),
    path(f"{_BRAND}/service-targets/", staffing.ServiceTargetList.as_view(), name="api-service-target-list"),
    path(f"{_BRAND}/staffing-requirements/", staffing.RequirementList.as_view(), name="api-staffing-requirement-list"),
    path(
        f"{_BRAND}/staffing-requirements/<uuid:requirement_id>/",
        staffing.RequirementDetail.as_view(),
        name="api-staffing-requirement-detail",
    ),
    path(
        f"{_BRAND}/staffing-requirements/<uuid:requirement_id>/pencil/",
        staffing.RequirementPencil.as_view(),
        name="api-staffing-requirement-pencil",
    ),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/quote/",
        quotes.RequestQuote.as_view(),
        name="api-capacity-request-quote",
    ),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/approve/",
        quotes.RequestApprove.as_view(),
        name="api-capacity-request-approve",
    ),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/refuse/",
        quotes.RequestRefuse.as_view(),
        name="api-capacity-request-refuse",
    ),
    path(f"{_BRAND}/quotes/<uuid:quote_id>/", quotes.QuoteDetail.as_view(), name="api-quote-detail"),
    path(f"{_BRAND}/quotes/<uuid:quote_id>/accept/", quotes.QuoteAccept.as_view(), name="api-quote-accept"),
    path(
        f"{_BRAND}/programs/<uuid:program_id>/scheduling-rules/",
        quotes.ProgramRules.as_view(),
        name="api-scheduling-rules",
    ),
    path(f"{_BRAND}/shifts/<uuid:shift_id>/add-seats/", quotes.ShiftAddSeats.as_view(), name="api-shift-add-seats"),
    path(
        f"{_BRAND}/shifts/<uuid:shift_id>/reduce-seats/",
        quotes.ShiftReduceSeats.as_view(),
        name="api-shift-reduce-seats",
    ),
    path(f"{_BRAND}/shifts/", brand.ShiftList.as_view(), name="api-shift-list"),
    path(f"{_BRAND}/shifts/<uuid:shift_id>/", brand.ShiftDetail.as_view(), name="api-shift-detail"),
    path(f"{_BRAND}/claims/", brand.ClaimList.as_view(), name="api-claim-list"),
    path(f"{_BRAND}/claims/<uuid:claim_id>/", brand.ClaimDetail.as_view(), name="api-claim-detail"),
    path(f"{_BRAND}/claims/<uuid:claim_id>/verify/", brand.ClaimVerify.as_view(), name="api-claim-verify"),
    path("me/open-shifts/", me.MyOpenShifts.as_view(), name="api-my-open-shift-list"),
    path("me/shifts/<uuid:shift_id>/claim/", me.MyShiftClaim.as_view(), name="api-my-shift-claim"),
    path("me/claims/", me.MyClaims.as_view(), name="api-my-claim-list"),
    path("me/claims/<uuid:claim_id>/release-cost/", me.MyReleaseCost.as_view(), name="api-my-claim-release-cost"),
    path("me/claims/<uuid:claim_id>/release/", me.MyClaimRelease.as_view(), name="api-my-claim-release"),
    path("me/claims/<uuid:claim_id>/undo/", me.MyClaimUndo.as_view(), name="api-my-claim-undo"),
    path("me/work-sessions/<uuid:session_id>/beat/", me.MySessionBeat.as_view(), name="api-my-work-session-beat"),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/waves/",
        release.WaveList.as_view(),
        name="api-release-wave-list",
    ),
    path(f"{_BRAND}/windows/", release.WindowList.as_view(), name="api-claim-window-list"),
    path(f"{_BRAND}/windows/<uuid:window_id>/", release.WindowDetail.as_view(), name="api-claim-window-detail"),
    path(f"{_BRAND}/windows/<uuid:window_id>/proof/", release.WindowProof.as_view(), name="api-claim-window-proof"),
    path(f"{_BRAND}/shifts/<uuid:shift_id>/incentives/", release.ShiftIncentives.as_view(), name="api-incentive-list"),
    path("me/windows/", release.MyWindows.as_view(), name="api-my-claim-window-list"),
    path("me/windows/<uuid:window_id>/entry/", release.MyEntry.as_view(), name="api-my-draw-entry"),
    path(
        "me/windows/<uuid:window_id>/entry/withdraw/",
        release.MyEntryWithdraw.as_view(),
        name="api-my-draw-entry-withdraw",
    ),
    path(
        f"{_BRAND}/capacity-requests/<uuid:request_id>/assignment-runs/",
        autofill.RunList.as_view(),
        name="api-assignment-run-list",
    ),
    path(
        f"{_BRAND}/assignment-runs/<uuid:assignment_id>/",
        autofill.RunDetail.as_view(),
        name="api-assignment-run-detail",
    ),
    path(
        f"{_BRAND}/assignment-runs/<uuid:assignment_id>/apply/",
        autofill.RunApply.as_view(),
        name="api-assignment-run-apply",
    ),
    path(
        f"{_BRAND}/assignment-runs/<uuid:assignment_id>/cancel/",
        autofill.RunCancel.as_view(),
        name="api-assignment-run-cancel",
    ),
    path("me/auto-fill/", autofill.MyConsent.as_view(), name="api-my-auto-fill"),
    path("me/auto-fill/allow/", autofill.MyConsentAllow.as_view(), name="api-my-auto-fill-allow"),
    path("me/auto-fill/stop/", autofill.MyConsentStop.as_view(), name="api-my-auto-fill-stop"),
    path("me/claims/<uuid:claim_id>/decline/", autofill.MyClaimDecline.as_view(), name="api-my-claim-decline"),
]
