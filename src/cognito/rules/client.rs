//! Rules on clients: what they make of the answers to a call.

use super::documents::{
    ADAPTER_PROTOCOL, AWS_JSON, RFC8259, RFC9110, RFC9112, SDK_RETRY, SERVICE_MODEL, SMITHY_DOCUMENT, WEBAUTHN,
};

super::rules! {
    // A client that hangs or takes its process down is what this side of the harness is for, so the contract between cogspec
    // and an adapter, which says that each question is answered, is a document like the others.
    ENDS = "client.ends", Must, Documented,
        "A call comes to an end, with a result or an error that the application can handle, whatever it was answered.",
        (ADAPTER_PROTOCOL, "An answer for each question");
    CALLS = "client.calls", Must, Documented,
        "A client that gives a result or an error of the service has called the endpoint.",
        (ADAPTER_PROTOCOL, "endpoint");
    REQUEST = "client.request", Must, Documented,
        "A call is a POST to `/` with the content type `application/x-amz-json-1.1`, the operation in `X-Amz-Target`, and the input as a JSON object.",
        (AWS_JSON, "Protocol behavior");
    TOKEN_SECRET = "client.token.secret", Must, Documented,
        "What a client tells of an error holds no part of the access token: `AccessToken` is a sensitive member.",
        (SERVICE_MODEL, "TokenModelType, sensitive");
    TOKEN_ECHOED = "client.token.echoed", May, Inferred,
        "A client does not hand on the access token where the server has put it into its answer.",
        (SERVICE_MODEL, "TokenModelType, sensitive");
    ERROR = "client.error", Must, Documented,
        "An error that an answer names is reported as an error of the service.",
        (AWS_JSON, "Operation error serialization");
    ERROR_CODE = "client.error.code", Must, Documented,
        "The error's name is found in `X-Amzn-Errortype`, `code` or `__type`, and cut at the first `:`, then behind the first `#`.",
        (AWS_JSON, "Operation error serialization");
    // The specification does not order the three places; the descriptions of its protocol tests order the first two.
    ERROR_CODE_ORDER = "client.error.code.order", Should, Inferred,
        "Where the places name several errors the header counts first, then `code`, then `__type`.",
        (AWS_JSON, "protocol tests AwsJson11FooErrorUsingXAmznErrorType and AwsJson11FooErrorUsingCode");
    ERROR_UNKNOWN = "client.error.unknown", Must, Inferred,
        "An error that the client's model does not list is reported with its name: the operation's list has grown since its launch.",
        (SERVICE_MODEL, "StartWebAuthnRegistration, errors");
    ERROR_MESSAGE = "client.error.message", Should, Documented,
        "The error's message is handed on as it was sent.",
        (SERVICE_MODEL, "error shapes, message");
    ERROR_MESSAGE_CASE = "client.error.message.case", Should, Inferred,
        "The message is found in `Message`, too, which many services send.",
        (AWS_JSON, "protocol test AwsJson11InvalidGreetingError");
    STATUS = "client.status", Must, Inferred,
        "A status that the client tells is the one that was answered.",
        (RFC9110, "15. Status Codes");
    REQUEST_ID = "client.request-id", Should, Documented,
        "A request id that the client tells is the one that was answered.",
        (AWS_JSON, "protocol test parses_the_request_id_from_the_response");
    ATTEMPTS = "client.attempts", Should, Inferred,
        "A number of attempts that the client tells is the number of requests that it sent.",
        (SDK_RETRY, "Attempts");
    FAILS_CLOSED = "client.fails-closed", Must, Documented,
        "What is no answer of the operation gives no creation options.",
        (SERVICE_MODEL, "StartWebAuthnRegistrationResponse, required CredentialCreationOptions");
    FAILURE = "client.failure", Must, Inferred,
        "An answer that cannot be read, or that has no error's name, is no success.",
        (AWS_JSON, "Protocol behavior");
    INCOMPLETE = "client.incomplete", Must, Documented,
        "An answer that ends before it is whole is not taken for whole.",
        (RFC9112, "8. Handling Incomplete Messages");
    SUCCESS = "client.success", Must, Documented,
        "An answer that AWS JSON 1.1 allows is read.",
        (AWS_JSON, "Protocol behavior");
    SUCCESS_HTTP = "client.success.http", Must, Documented,
        "An answer in any form that HTTP allows is read.",
        (RFC9112, "6. Message Body");
    SUCCESS_JSON = "client.success.json", Must, Documented,
        "Any JSON text is read.",
        (RFC8259, "9. Parsers");
    CODING = "client.content-coding", Must, Documented,
        "An answer in a content coding that the client asked for is decoded.",
        (RFC9110, "12.5.3 Accept-Encoding");
    OPTIONS_UNHARMED = "client.options.unharmed", Must, Documented,
        "The creation options reach the application as they were sent: the member is a document, of any JSON value.",
        (SMITHY_DOCUMENT, "document");
    OPTIONS_UNCHANGED = "client.options.unchanged", Must, Documented,
        "Right creation options reach the authenticator API as they were sent, but for what a client may ignore.",
        (WEBAUTHN, "sctn-parseCreationOptionsFromJSON");
    OPTIONS_ACCEPTED = "client.options.accepted", Must, Documented,
        "Options that WebAuthn allows are accepted.",
        (WEBAUTHN, "sctn-createCredential");
    OPTIONS_REFUSED = "client.options.refused", Must, Documented,
        "Options that WebAuthn tells a client to refuse are refused.",
        (WEBAUTHN, "sctn-createCredential, sctn-parseCreationOptionsFromJSON");
    OPTIONS_STRICT = "client.options.strict", Should, Documented,
        "Options whose members are of other types than Web IDL gives them, or whose bytes are no base64url, are refused.",
        (WEBAUTHN, "sctn-parseCreationOptionsFromJSON: the conversions of Web IDL, EncodingError");
    RETRY_TRANSIENT = "client.retry.transient", Should, Documented,
        "What is transient, a server error or a lost connection, is tried again.",
        (SDK_RETRY, "transient errors");
    RETRY_THROTTLING = "client.retry.throttling", Should, Documented,
        "What is throttled is tried again.",
        (SDK_RETRY, "throttling errors");
    RETRY_NOT = "client.retry.not", Should, Documented,
        "What is the caller's fault is not tried again.",
        (SDK_RETRY, "errors that are not retried");
    RETRY_LIMIT = "client.retry.limit", Should, Documented,
        "A call is sent three times at most, five in the older modes of some SDKs.",
        (SDK_RETRY, "max_attempts");
    RETRY_AFTER = "client.retry.after", May, Documented,
        "A client that tries again waits for as long as the answer asks it to.",
        (RFC9110, "10.2.3 Retry-After");
    RETRYABLE = "client.retryable", Should, Inferred,
        "An error that the client calls retryable is one that may be sent again, and the other way round.",
        (SDK_RETRY, "transient and throttling errors");
}
