"""Where the payment provider knocks. It is told 200 once the event is safely kept; the work comes after."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gigcx.audit.hints import hint
from gigcx.kernel import clock
from payments import actions, tasks
from payments.errors import BadSignature
from payments.gateways.incoming import read_signed


@csrf_exempt  # signed by its sender instead
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """This function will keep a signed event and wake a worker; what is not signed well is refused and forgotten."""
    at = clock.now()
    try:
        event = read_signed(request.body, signature=request.headers.get("Stripe-Signature", ""), at=at)
    except BadSignature as refused:
        return JsonResponse({"error": refused.code}, status=400)
    if actions.receive_event(event, at=at):
        hint(tasks.process_event, event_id=event.event_id)
    return JsonResponse({"received": True, "mode": settings.PAYMENTS_MODE})
