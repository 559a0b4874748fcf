"""What else there is to say of REST APIs: what answers at their addresses, and how it differs."""

from __future__ import annotations

from labkit.fidelity.apigateway.common import GUIDE
from labkit.fidelity.registry import corrected, differs

# What labkit.runtime.gateway does; each has a test of its name.
_SERVED = [
    (
        "The settings of a stage begin with the account's limits.",
        "throttlingRateLimit 10,000 and throttlingBurstLimit 5,000, unless the account has less.",
        "test_a_stage_s_settings_begin_with_the_account_s_limits",
        "api-gateway-request-throttling.html",
    ),
    (
        "A deployed stage answers at its invoke URL, and hands its function AWS's proxy event.",
        "https://API.execute-api.REGION.amazonaws.com/STAGE/path.",
        "test_a_deployed_stage_hands_its_function_the_proxy_event",
        "set-up-lambda-proxy-integrations.html",
    ),
    (
        "What is changed after a deployment waits for the next; a stage can go back to an earlier.",
        "A deployment is a snapshot; UpdateStage moves a stage from one to another.",
        "test_a_stage_serves_its_deployment_and_goes_back",
        "how-to-deploy-api.html",
    ),
    (
        "A function that answers in no known format, or fails, comes to 502.",
        '{"message": "Internal server error"}.',
        "test_a_malformed_answer_of_a_function_is_502",
        "set-up-lambda-proxy-integrations.html",
    ),
    (
        "A function whose policy does not let API Gateway in is not run.",
        "500, Internal server error.",
        "test_a_function_must_let_api_gateway_in",
        "apigateway-integrate-with-lambda.html",
    ),
    (
        "A function that Lambda has no room for comes to 500.",
        "500, Internal server error: the proxy integration does not pass on Lambda's 429.",
        "test_a_throttled_function_is_500",
        "set-up-lambda-proxy-integrations.html",
    ),
    (
        "An integration that takes longer than its timeout comes to 504, by the virtual clock.",
        "Endpoint request timed out, after 29 seconds unless less is set.",
        "test_a_slow_function_is_504",
        "limits.html",
    ),
    (
        "A path or method that the stage lacks, and a stage that the API lacks, come to 403.",
        "Missing Authentication Token, and Forbidden.",
        "test_what_is_not_there_is_403",
        "supported-gateway-response-types.html",
    ),
    (
        "A MOCK answers by its templates; a regex chooses among integration responses.",
        "The templates are in VTL; $input, $context, $stageVariables and $util are known.",
        "test_a_mock_answers_by_its_templates",
        "how-to-mock-integration.html",
    ),
    (
        "A function behind mapping templates gets what they make, and its error is matched.",
        "selectionPattern is matched against errorMessage.",
        "test_a_function_behind_templates_gets_what_they_make",
        "handle-errors-in-lambda-integration.html",
    ),
    (
        "A request validator refuses missing parameters, and a body that does not fit its model.",
        "400: Missing required request parameters: [name], and Invalid request body.",
        "test_a_validator_refuses_what_does_not_fit",
        "api-gateway-method-request-validation.html",
    ),
    (
        "A method that requires an API key wants one of a usage plan of its stage.",
        "403, Forbidden.",
        "test_an_api_key_of_a_plan_is_needed",
        "api-gateway-api-usage-plans.html",
    ),
    (
        "A usage plan throttles each key by a token bucket, and counts its quota.",
        "429, Too Many Requests and Limit Exceeded; both are targets that can be exceeded.",
        "test_a_usage_plan_throttles_and_counts",
        "api-gateway-api-usage-plans.html",
    ),
    (
        "A stage throttles each method by a token bucket on the virtual clock.",
        "429, Too Many Requests.",
        "test_a_stage_throttles_by_a_token_bucket",
        "api-gateway-request-throttling.html",
    ),
    (
        "A stage's cache keeps answers for its TTL, by the parameters that were chosen.",
        "GET only, unless a method is set otherwise.",
        "test_a_cache_keeps_answers_for_its_ttl",
        "api-gateway-caching.html",
    ),
    (
        "Cache-Control: max-age=0 renews an answer for those who may; others get a warning.",
        "By the permission execute-api:InvalidateCache, unless authorization is not required.",
        "test_who_may_invalidate_the_cache",
        "api-gateway-caching.html",
    ),
    (
        "A TOKEN authorizer lets in, keeps out (403), wants a token (401), or is wrong (500).",
        "Its policy is evaluated for each request, and kept for its TTL.",
        "test_a_token_authorizer_decides",
        "apigateway-use-lambda-authorizer.html",
    ),
    (
        "A REQUEST authorizer sees the request, and must find its identity sources.",
        "401 without them.",
        "test_a_request_authorizer_sees_the_request",
        "apigateway-use-lambda-authorizer.html",
    ),
    (
        "A method with AWS_IAM wants a signature for execute-api, and a permission.",
        "403; execute-api:Invoke is decided by the caller's policies and the API's.",
        "test_a_method_with_aws_iam_wants_a_signature_and_a_permission",
        "permissions.html",
    ),
    (
        "An API's resource policy keeps requests out.",
        "403: User: anonymous is not authorized to perform: execute-api:Invoke.",
        "test_a_resource_policy_keeps_requests_out",
        "apigateway-resource-policies.html",
    ),
    (
        "A gateway response can be customised, its status, headers and body.",
        "By PutGatewayResponse, and a new deployment.",
        "test_a_gateway_response_can_be_customised",
        "api-gateway-gatewayResponse-definition.html",
    ),
    (
        "An HTTP endpoint on this machine is asked as the integration says.",
        "HTTP by templates and mappings, HTTP_PROXY as the request came.",
        "test_an_http_endpoint_is_asked",
        "setup-http-integrations.html",
    ),
]
for _behaviour, _aws, _test, _page in _SERVED:
    corrected("apigateway", _behaviour, _aws, test=_test, source=GUIDE + _page)

_DIFFERENT = [
    (
        "What stands in the execution log on AWS is in the header x-labkit-why of a 5xx answer.",
        "CloudWatch Logs has it, where logging is turned on; clients are not told.",
        "set-up-logging.html",
    ),
    (
        "No execution or access log is written, no metric counted, no trace sent.",
        "By the stage's settings.",
        "set-up-logging.html",
    ),
    (
        "An edge-optimised API adds CloudFront's headers, and answers where a Regional one does.",
        "Requests go through the nearest of CloudFront's locations.",
        "api-gateway-api-endpoint-types.html",
    ),
    (
        "A private API answers everybody; VPC links do not exist.",
        "It is reached through a VPC endpoint only.",
        "apigateway-private-apis.html",
    ),
    (
        "Custom domain names and their mappings are kept, and nothing answers there.",
        "They lead to a stage of an API.",
        "how-to-custom-domains.html",
    ),
    (
        "No web ACL looks at requests.",
        "AWS WAF can stand before a REST API's stage.",
        "apigateway-control-access-aws-waf.html",
    ),
    (
        "An HTTP endpoint must be on this machine, or one that the sandbox itself serves.",
        "Any public endpoint.",
        "setup-http-integrations.html",
    ),
    (
        "Functions, HTTP endpoints and MOCK can be behind a method; other services cannot.",
        "An AWS integration calls any action of most services.",
        "api-gateway-api-integration-types.html",
    ),
    (
        "A slow function is waited for, and 504 comes when it has ended.",
        "504 comes when the timeout is over; the function goes on.",
        "limits.html",
    ),
    (
        "A cache works as soon as it is enabled, whatever its size; errors are not kept.",
        "It takes some four minutes to be made.",
        "api-gateway-caching.html",
    ),
    (
        "A quota's day, week (from Monday) and month begin at midnight UTC.",
        "AWS does not say when a week begins.",
        "api-gateway-api-usage-plans.html",
    ),
    (
        "Throttling is exact.",
        "Limits are targets, applied on a best-effort basis.",
        "api-gateway-request-throttling.html",
    ),
    (
        "A deployment works at once, and so does a change of a stage.",
        "It takes a moment to reach every server.",
        "how-to-deploy-api.html",
    ),
    (
        "Canary releases, client certificates, compression and response streaming are not there.",
        "A stage can have them.",
        "canary-release.html",
    ),
    (
        "contentHandling is kept, and converts nothing.",
        "It converts bodies between text and binary.",
        "api-gateway-payload-encodings-workflow.html",
    ),
    (
        "TestInvokeMethod, GetUsage, documentation parts, SDKs and the like are not there.",
        "They are operations of API Gateway.",
        "how-to-test-method.html",
    ),
]
for _behaviour, _aws, _page in _DIFFERENT:
    differs("apigateway", _behaviour, _aws, source=GUIDE + _page)
