"""To a new password, by a mailed link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import ForgottenForm, NewPasswordForm
from accounts.services import customers
from accounts.views.frame import next_of, page, private
from accounts.views.sign_in import WINDOW, admit
from shop.lib.ratelimit import too_often, too_often_at


@private
@require_http_methods(["GET", "HEAD", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same for every address, known or not."""
    title = _("New password")
    if request.method != "POST":
        return page(request, "password_forgotten", title=title, form=ForgottenForm())
    form = ForgottenForm(request.POST)
    if not form.is_valid():
        return page(request, "password_forgotten", title=title, form=form, status=422)
    email = form.cleaned_data["email"]
    if too_often(request, "password", limit=10, seconds=WINDOW):
        form.add_error(None, _("Too many tries. Please wait ten minutes."))
        return page(request, "password_forgotten", title=title, form=form, status=429)
    # One letter box is not flooded; and who floods it is told nothing either.
    if not too_often_at(email, "password", limit=3, seconds=WINDOW):
        customers.forgot_password(
            email=email,
            prefix=get_script_prefix(),
            language=get_language() or "en-gb",
            now=timezone.now(),
        )
    return page(request, "password_forgotten", title=title, form=form, asked_for=email)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def password_new(request: HttpRequest, who: str, proof: str) -> HttpResponse:
    """Behind the link: looking changes nothing; choosing a password signs in."""
    title = _("Choose a password")
    if too_often(request, "password-link", limit=30, seconds=WINDOW):
        raise Http404
    user = customers.by_link(who=who, proof=proof)
    if user is None:
        return page(request, "password_new", title=title, form=None, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return page(
            request, "password_new", title=title, form=form, email=user.email, status=status
        )
    user.set_password(form.cleaned_data["password"])
    user.save(update_fields=["password"])
    return admit(request, user, target=next_of(request))
