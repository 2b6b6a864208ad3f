//! Rules on requests: HTTP, the AWS JSON 1.1 envelope, JSON text, and the input's constraints.

use super::documents::{
    API_START, AWS_JSON, LIVE, LIVE_SIBLING, RFC3629, RFC8259, RFC9110, RFC9112, SERVICE_MODEL, SMITHY_MALFORMED,
};

super::rules! {
    ACCEPTED = "request.accepted", Must, Documented,
        "A signed-in user's access token with the scope `aws.cognito.signin.user.admin` gets creation options.",
        (API_START, "Request Parameters");
    NO_SIGNATURE = "request.no-signature", Must, Documented,
        "The operation takes no AWS signature: it answers without an `Authorization` header.",
        (SERVICE_MODEL, "StartWebAuthnRegistration, authtype none");
    METHOD = "request.method", Must, Documented,
        "An operation is called with POST; another method is not served.",
        (AWS_JSON, "Protocol behavior: every request uses POST");
    PATH = "request.path", Should, Documented,
        "An operation is called at `/`; another path is not served.",
        (AWS_JSON, "Protocol behavior: every request is sent to /");
    HTTP_GRAMMAR = "request.http.grammar", Should, Documented,
        "What does not match the grammar of an HTTP request is answered with 400.",
        (RFC9112, "2.2 Message Parsing");
    HTTP_VERSION = "request.http.version", Should, Documented,
        "HTTP/1.0 is served like HTTP/1.1; another major version written in this syntax is not served.",
        (RFC9110, "2.5 Protocol Version, 15.6.6 505 HTTP Version Not Supported");
    HTTP_CHOICE = "request.http.choice", May, Documented,
        "Where HTTP leaves the choice to the server, the request is served or refused.",
        (RFC9112, "2.2, 3.2.3, 5.2, 5.3, 6.1");
    ABSOLUTE_FORM = "request.http.absolute-form", Must, Documented,
        "A request target in absolute form is the same request.",
        (RFC9112, "3.2.2 absolute-form: a server MUST accept it");
    LEADING_LINE = "request.http.leading-line", Should, Documented,
        "An empty line in front of the request line is ignored.",
        (RFC9112, "2.2 Message Parsing");
    EXPECT = "request.http.expect", Should, Documented,
        "A request with `Expect: 100-continue` is served like one without.",
        (RFC9110, "10.1.1 Expect");
    TARGET = "request.target", Must, Documented,
        "`X-Amz-Target` names the service shape and the operation exactly; any other value does not reach the operation.",
        (AWS_JSON, "X-Amz-Target header");
    TARGET_CLASS = "request.target.class", Must, Inferred,
        "A target that names no operation is an UnknownOperationException.",
        (LIVE_SIBLING, "unknown operation, missing target, target without prefix");
    CONTENT_TYPE = "request.content-type", Should, Inferred,
        "A content type other than `application/x-amz-json-1.1` does not reach the operation in this protocol.",
        (AWS_JSON, "Content-Type header");
    CONTENT_TYPE_CASE = "request.content-type.case", Should, Documented,
        "Type and subtype of the content type are case-insensitive.",
        (RFC9110, "8.3.1 Media Type");
    CONTENT_TYPE_PARAMETERS = "request.content-type.parameters", Must, Documented,
        "Parameters of the content type are ignored.",
        (AWS_JSON, "protocol test AwsJson11MustSupportParametersInContentType");
    HEADERS_IGNORED = "request.headers-ignored", Should, Documented,
        "Headers that the protocol does not know do not change the answer.",
        (RFC9110, "5.1 Field Names: other recipients SHOULD ignore unrecognized fields");
    AUTHORIZATION = "request.authorization", May, Inferred,
        "An `Authorization` header on an operation that takes none: what Cognito does is not known.",
        (SERVICE_MODEL, "StartWebAuthnRegistration, authtype none");
    HEADER_CASE = "request.header-case", Must, Documented,
        "Header names are case-insensitive.",
        (RFC9110, "5.1 Field Names");
    HEADER_WHITE_SPACE = "request.header-white-space", Must, Documented,
        "Space and tab around a header's value are no part of it.",
        (RFC9110, "5.5 Field Values");
    HEADER_COLON = "request.header-colon", Must, Documented,
        "A request with white space between a header's name and its colon is answered with 400.",
        (RFC9112, "5.1 Field Line Parsing");
    CHUNKED = "request.chunked", Must, Documented,
        "A chunked request body is the same request.",
        (RFC9112, "7.1 Chunked Transfer Coding: a recipient MUST be able to parse it");
    FRAMING = "request.framing", Must, Documented,
        "The body is what the framing says, no more and no less; invalid framing is answered with 400 or the connection is closed.",
        (RFC9112, "6.3 Message Body Length");
    TRANSFER_CODING = "request.transfer-coding", Should, Documented,
        "A body in a transfer coding that the server does not understand is answered with 501, not read as it stands.",
        (RFC9112, "6.1 Transfer-Encoding");
    INCOMPLETE = "request.incomplete", Must, Inferred,
        "A request of which a part is still to come is not run.",
        (RFC9112, "8. Handling Incomplete Messages");
    HOST = "request.host", Must, Documented,
        "An HTTP/1.1 request without a Host header, or with two, is answered with 400.",
        (RFC9112, "3.2 Request Target");
    CONTENT_ENCODING = "request.content-encoding", Should, Inferred,
        "A compressed body, which the protocol does not define, is not run as if it were plain.",
        (AWS_JSON, "Protocol behavior: no request compression");
    JSON = "request.json", Must, Documented,
        "A body of which no JSON value can be made is not served.",
        (RFC8259, "2. JSON Grammar");
    JSON_STRICT = "request.json.strict", Must, Inferred,
        "Only the JSON of RFC 8259 is served: nothing around the one value, no comments, no other syntax.",
        (SMITHY_MALFORMED, "RestJsonInvalidJsonBody");
    JSON_CHOICE = "request.json.choice", May, Documented,
        "Where RFC 8259 leaves the choice to the parser (ranges of numbers, lone surrogates), the request is served or refused.",
        (RFC8259, "8.2 Unicode Characters, 9. Parsers");
    JSON_UTF8 = "request.json.utf8", Must, Documented,
        "An invalid sequence of UTF-8, such as an overlong one, never stands for a character.",
        (RFC3629, "3. UTF-8 definition: decoders MUST protect against invalid sequences");
    JSON_ENCODING = "request.json.encoding", May, Inferred,
        "UTF-16, UTF-32, and bytes that are no UTF-8 in a member that nobody reads: what Cognito does is not known.",
        (RFC8259, "8.1 Character Encoding");
    JSON_BOM = "request.json.bom", Should, Inferred,
        "JSON text that begins with a byte order mark is refused or read without it; either way it is no server error.",
        (RFC8259, "8.1 Character Encoding: parsers MAY ignore it");
    JSON_WHITE_SPACE = "request.json.white-space", Must, Documented,
        "White space around JSON tokens means nothing.",
        (RFC8259, "2. JSON Grammar, ws");
    JSON_ESCAPES = "request.json.escapes", Must, Documented,
        "An escaped character in a JSON string or member name is that character.",
        (RFC8259, "7. Strings");
    JSON_CLASS = "request.json.class", Must, Recorded,
        "An object or a boolean where the input has a string is a SerializationException.",
        (LIVE, "amplify-js#5165, amazon-cognito-identity-js#485");
    JSON_CLASS_OTHER = "request.json.class.other", Must, Inferred,
        "Any other body that cannot be read as the input's structure is a SerializationException.",
        (LIVE_SIBLING, "malformed bodies and values of other types");
    JSON_OBJECT = "request.json.object", Must, Recorded,
        "The body is a JSON object; another JSON value is not served.",
        (LIVE, "amplify-js#4738: Expected map or null");
    DUPLICATE_MEMBER = "request.json.duplicate", May, Inferred,
        "A member that comes twice: what Cognito does is not known.",
        (RFC8259, "4. Objects: names SHOULD be unique");
    DEPTH = "request.json.depth", Must, Inferred,
        "A deeply nested body is answered with a client error, or its unknown member is ignored; it does not take the server down.",
        (RFC8259, "9. Parsers: an implementation may set limits on depth");
    UNKNOWN_MEMBER = "request.unknown-member", Must, Inferred,
        "Members that the input does not model are ignored.",
        (LIVE_SIBLING, "unknown members");
    MEMBER_NAME = "request.member-name", Must, Documented,
        "The member is named `AccessToken`, in that case; another name is not it.",
        (API_START, "Request Parameters");
    MEMBER_TYPE = "request.member-type", Must, Recorded,
        "A value that is not a string is refused: it is never converted to one.",
        (LIVE, "amplify-js#5165, amazon-cognito-identity-js#485");
    REQUIRED = "request.required", Must, Documented,
        "`AccessToken` is required; null is the same as absent.",
        (API_START, "Request Parameters: AccessToken, Required: Yes");
    REQUIRED_CLASS = "request.required.class", Must, Recorded,
        "A missing `AccessToken` is an InvalidParameterException.",
        (LIVE, "recorded Java SDK test: Member must not be null");
    PATTERN = "request.pattern", Must, Documented,
        "The whole `AccessToken` matches `[A-Za-z0-9-_=.]+`.",
        (API_START, "Request Parameters: AccessToken, Pattern");
    PATTERN_CLASS = "request.pattern.class", Must, Recorded,
        "An `AccessToken` outside its pattern is an InvalidParameterException.",
        (LIVE, "recorded Java SDK test: Member must satisfy regular expression pattern");
    SIZE = "request.size", Must, Inferred,
        "An oversized request is answered with a client error or the connection is closed; it does not take the server down.",
        (RFC9110, "15.5.14 413 Content Too Large");
    SIZE_SERVED = "request.size.served", Must, Inferred,
        "A body of 64 KiB is not too large: the service's model has members of 131,072 characters.",
        (SERVICE_MODEL, "PaginationKey, max 131072");
}
