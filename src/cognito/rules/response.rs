//! Rules on answers as such.

use super::documents::{API_START, AWS_JSON, LIVE, RFC9110, SERVICE_MODEL};

super::rules! {
    ANSWERED = "response.answered", Must, Inferred,
        "A request gets an HTTP answer; the connection is not just dropped.",
        (RFC9110, "3.4 Messages: a response for each request");
    // The samples of the API reference say 1.0: a server that copies them is not called broken for it.
    CONTENT_TYPE = "response.content-type", Should, Documented,
        "An answer has the content type `application/x-amz-json-1.1`.",
        (AWS_JSON, "Content-Type header");
    JSON = "response.json", Must, Documented,
        "An answer's body is one JSON object.",
        (AWS_JSON, "Protocol behavior");
    STATUS_SUCCESS = "response.status", Must, Documented,
        "A success has the status 200.",
        (AWS_JSON, "Protocol behavior: a response of an operation has status 200");
    MEMBERS = "response.members", Must, Documented,
        "A success has the member `CredentialCreationOptions`.",
        (SERVICE_MODEL, "StartWebAuthnRegistrationResponse");
    UNKNOWN_MEMBERS = "response.unknown-members", May, Documented,
        "A success has no members that the model does not list.",
        (SERVICE_MODEL, "StartWebAuthnRegistrationResponse");
    REQUEST_ID = "response.request-id", Should, Documented,
        "An answer has an `x-amzn-RequestId` header.",
        (AWS_JSON, "protocol test parses_the_request_id_from_the_response");
    REQUEST_ID_FRESH = "response.request-id.fresh", Should, Documented,
        "Every answer has its own request id.",
        (AWS_JSON, "protocol test parses_the_request_id_from_the_response");
    NO_SERVER_ERROR = "response.no-server-error", Must, Documented,
        "A wrong request is not answered with a server error.",
        (API_START, "Errors: InternalErrorException is for an internal error, and a wrong request has errors of its own");
    SECRECY = "response.secrecy", Must, Documented,
        "No part of a token or key comes back: `AccessToken` is a sensitive member.",
        (SERVICE_MODEL, "TokenModelType, sensitive");
    NO_STACK_TRACE = "response.no-stack-trace", Should, Inferred,
        "An answer tells nothing of the server's inside: no stack trace, file or type name.",
        (RFC9110, "17. Security Considerations");
    TIME = "response.time", Should, Inferred,
        "No request takes orders of magnitude longer than another.",
        (RFC9110, "17. Security Considerations");
    CONNECTION = "response.survives", Must, Inferred,
        "The server serves the next valid request, whatever came before.",
        (LIVE, "availability");
    FRAMING = "response.framing", Must, Documented,
        "An answer is well-formed HTTP: its body is as long as it says.",
        (RFC9110, "8.6 Content-Length");
}
