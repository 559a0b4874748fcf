"""What else there is to say of HTTP APIs: what answers at their addresses, and how it differs."""

from __future__ import annotations

from labkit.fidelity.apigatewayv2.settings import GUIDE
from labkit.fidelity.registry import corrected, differs

_SERVED = [
    (
        "An HTTP API's stage answers, and hands its function payload format 2.0 or 1.0.",
        "https://API.execute-api.REGION.amazonaws.com/path for $default, /STAGE/path else.",
        "test_an_http_api_hands_its_function_the_event",
        "http-api-develop-integrations-lambda.html",
    ),
    (
        "With format 2.0 a function's answer may be inferred: whatever is JSON is the body.",
        "Status 200, content-type application/json.",
        "test_an_answer_without_a_status_is_inferred",
        "http-api-develop-integrations-lambda.html",
    ),
    (
        "The closest route takes a request, $default what is left; without it 404.",
        "Not Found.",
        "test_the_closest_route_takes_a_request",
        "http-api-develop-routes.html",
    ),
    (
        "An HTTP API answers a browser's question about CORS, and adds the headers.",
        "By CorsConfiguration, whatever the integration says.",
        "test_an_http_api_does_cors_by_itself",
        "http-api-cors.html",
    ),
    (
        "A Lambda authorizer of an HTTP API answers simply or with a policy.",
        "401 without identity sources, 403 if it says no, 500 if it makes no sense.",
        "test_a_lambda_authorizer_of_an_http_api_answers_simply",
        "http-api-lambda-authorizer.html",
    ),
    (
        "A JWT authorizer checks signature, issuer, audience, time and scopes of a token.",
        "401, or 403 for want of a scope.",
        "test_a_jwt_authorizer_reads_tokens",
        "http-api-jwt-authorizer.html",
    ),
    (
        "A stage of an HTTP API throttles each route.",
        "429, Too Many Requests.",
        "test_a_stage_of_an_http_api_throttles",
        "http-api-throttling.html",
    ),
]
for _behaviour, _aws, _test, _page in _SERVED:
    corrected("apigatewayv2", _behaviour, _aws, test=_test, source=GUIDE + _page)

_DIFFERENT = [
    (
        "Deployments are not listed, and CORS follows the API at once in every stage.",
        "GetDeployments lists them; without AutoDeploy CORS waits for a deployment too.",
        "http-api-stages.html",
    ),
    (
        "WebSocket APIs are kept, and answer 501.",
        "Clients stay connected, and their messages choose a route.",
        "apigateway-websocket-api.html",
    ),
    (
        "Parameter mappings and integrations of other services (IntegrationSubtype) do nothing.",
        "They change requests and answers, and call some services' actions.",
        "http-api-parameter-mapping.html",
    ),
    (
        "A token's keys must be on this machine, or be a user pool's of the sandbox.",
        "Any public issuer's.",
        "http-api-jwt-authorizer.html",
    ),
    (
        "A function that is throttled comes to 503, one that fails to 500.",
        "AWS's pages do not say.",
        "http-api-troubleshooting-lambda.html",
    ),
    (
        "No access log is written, no metric counted; custom domain names do not answer.",
        "By the stage's settings, and by API mappings.",
        "http-api-logging.html",
    ),
]
for _behaviour, _aws, _page in _DIFFERENT:
    differs("apigatewayv2", _behaviour, _aws, source=GUIDE + _page)
