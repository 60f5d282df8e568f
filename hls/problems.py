"""What goes wrong, told to a program: RFC 9457, one JSON that names the field and says in plain words what to do."""

from django.http import JsonResponse

API = "/api/"
KIND = "application/problem+json"
TITLES = {
    400: "This could not be read",
    401: "A token is needed",
    403: "You may not do this",
    404: "There is no such thing, or you may not see it",
    405: "This address does not take that",
    409: "Someone changed this meanwhile",
    412: "It is not as you read it",
    422: "Something has to be put right",
    428: "Say what you read",
    429: "Too many at once",
    500: "Something broke, and it was us",
    503: "The database is away for a moment",
}


def for_a_program(request):
    return request.path.startswith(API)


def problem(status, detail="", *, errors=(), headers=None, **more):
    """`errors` are pairs of a field's name and what is wrong with it."""
    said = {"title": TITLES[status], "status": status, "detail": detail or TITLES[status]}
    named = [{"field": field, "message": message} for field, message in errors]
    answer = JsonResponse(said | {"errors": named} | more, status=status, content_type=KIND, headers=headers)
    answer.headers.setdefault("Cache-Control", "no-store, private")
    return answer
